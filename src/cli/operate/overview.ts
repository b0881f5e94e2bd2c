import type { Halted } from '../../../jobs/restart/core/events.ts';
import { controlAnnotations, parseControl } from '../../../jobs/restart/record/control.ts';
import type { PastRun } from '../../../jobs/restart/record/format.ts';
import type { RestartPlan } from '../../plan/restart-plan.ts';
import type { RecordPlace } from './place.ts';
import { asksForApproval } from './plan.ts';
import { currentRun, type HubRecord } from './record.ts';
import type { Work } from './work.ts';

/** How a restart stands, and the runs that the hub remembers. */
export interface Overview {
  readonly restart: string;
  readonly namespace: string;
  /** Since when and by whom, as it was written. Absent: it is not paused. */
  readonly paused?: string;
  /** The last run that has begun. Absent before the first. */
  readonly current?: CurrentOverview;
  /** The newest first. */
  readonly runs: readonly PastRun[];
}

export interface CurrentOverview {
  readonly run: string;
  readonly over: boolean;
  /** An operator has asked for its end. */
  readonly stopped: boolean;
  readonly halted?: Halted;
  /** It may begin more, but no pod holds its Lease. */
  readonly interrupted?: true;
  readonly wavesDone: number;
  /** Names, in their order. Empty where the plan is not there. */
  readonly waves: readonly string[];
  /** The next wave, when it begins only with an approval that it has not got. */
  readonly waitsFor?: string;
  /** Workloads that have used up the failure budget, as `cluster/kind/namespace/name`. */
  readonly failed: readonly string[];
}

export function overviewOf(
  { restart, namespace }: RecordPlace,
  record: HubRecord,
  plan: RestartPlan | undefined,
  work: Work,
): Overview {
  const { content, annotations } = record;
  const pause = annotations[controlAnnotations.pause];
  const current = currentOverview(record, plan, work);
  return {
    restart,
    namespace,
    ...(parseControl(annotations, 0).paused && { paused: pause ?? '' }),
    ...(current && { current }),
    runs: content.history.toReversed(),
  };
}

function currentOverview(
  { content, annotations }: HubRecord,
  plan: RestartPlan | undefined,
  work: Work,
): CurrentOverview | undefined {
  const current = currentRun(content);
  if (!current) return undefined;
  const { run, instant, over, halted } = current;
  const { stop, approved } = parseControl(annotations, instant);
  const { wavesDone, failed } = content.progress;
  const waves = plan?.strategy.waves ?? [];
  const next = over || halted || stop ? undefined : waves[wavesDone];
  const waits = next && asksForApproval(next) && !approved.includes(next.name);
  return {
    run,
    over,
    stopped: stop,
    ...(halted && { halted }),
    ...(!over && !halted && work === 'none' && { interrupted: true as const }),
    wavesDone,
    waves: waves.map(({ name }) => name),
    ...(waits && { waitsFor: next.name }),
    failed,
  };
}
