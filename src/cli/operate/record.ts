import { formatInstant, parseInstant, type Instant } from '../../../jobs/restart/core/instant.ts';
import type { Halted } from '../../../jobs/restart/core/events.ts';
import type { ExitName } from '../../../jobs/restart/exit-code.ts';
import { LinkError } from '../../../jobs/restart/link-error.ts';
import {
  decodeShard,
  type PastRun,
  type ShardContent,
} from '../../../jobs/restart/record/format.ts';
import { UserError } from '../../../charts/user-error.ts';
import type { Hub, StoredConfigMap } from './hub.ts';

/** The run record as the hub holds it. */
export interface HubRecord extends Pick<StoredConfigMap, 'annotations' | 'resourceVersion'> {
  readonly content: ShardContent;
}

/** @throws UserError `hub/unreadable`, and what `Hub.record` throws */
export async function readRecord(hub: Hub): Promise<HubRecord> {
  const { data, annotations, resourceVersion } = await hub.record();
  try {
    return { content: decodeShard(data), annotations, resourceVersion };
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    throw new UserError(
      {
        code: 'hub/unreadable',
        place: hub.where,
        found: error.message,
        expected: 'a run record as the job writes it',
        next: 'See who else has written the ConfigMap: `kubectl get -o yaml --show-managed-fields`.',
      },
      { cause: error },
    );
  }
}

/** The run that the record speaks of. */
export interface CurrentRun {
  readonly instant: Instant;
  /** RFC 3339. */
  readonly run: string;
  /** Absent while the run has no line in the history. */
  readonly past: PastRun | undefined;
  /** No attempt will go on with it. */
  readonly over: boolean;
  /** It begins nothing new, in any attempt. */
  readonly halted: Halted | undefined;
}

/** `undefined` before the first run. */
export function currentRun({ header, history, progress }: ShardContent): CurrentRun | undefined {
  if (!header) return undefined;
  const run = formatInstant(header.instant);
  const past = history.find((one) => one.run === run);
  const over = past !== undefined && isOver(past);
  return { instant: header.instant, run, past, over, halted: progress.halted };
}

/** How an attempt ends that its Job’s next pod takes up (src/constructs/restart-cron-job.ts). */
const takenUp: readonly string[] = ['crashed', 'retryable', 'refused'] satisfies ExitName[];

/** Whether a run’s last attempt has ended for good. A new attempt takes the end away again. */
export const isOver = ({ finishedAt, exit }: PastRun): boolean =>
  finishedAt !== undefined && exit !== undefined && !takenUp.includes(exit);

/**
 * The run that an operator’s word is for: the one that is under way.
 *
 * @param wanted as given by `--run`: a guard against another having begun meanwhile
 * @throws UserError `hub/no-run` where none has begun or another one has; `hub/run-over`;
 * `hub/argument` where `wanted` is no instant
 */
export function runUnderWay(
  content: ShardContent,
  wanted: string | undefined,
  where: string,
): CurrentRun {
  const instant = parseInstant(wanted);
  if (wanted !== undefined && instant === undefined) {
    throw new UserError({
      code: 'hub/argument',
      found: `the run "${wanted}"`,
      expected: 'an instant by RFC 3339, such as 2026-11-21T02:15:00Z',
      next: 'Write it as `rollcall runs` shows it.',
    });
  }
  const current = currentRun(content);
  if (!current || (instant !== undefined && instant !== current.instant)) {
    throw new UserError({
      code: 'hub/no-run',
      place: where,
      found: current ? `run ${current.run}` : 'no run has begun yet',
      expected: instant === undefined ? 'a run under way' : `run ${formatInstant(instant)}`,
      next: 'Look at `rollcall runs`. A run that has not begun yet is held back by `rollcall pause`.',
    });
  }
  if (!current.over) return current;
  const { exit = '', finishedAt = '' } = current.past ?? {};
  throw runOver(where, `run ${current.run} has ended at ${finishedAt}: ${exit}`);
}

export const runOver = (place: string, found: string): UserError =>
  new UserError({
    code: 'hub/run-over',
    place,
    found,
    expected: 'a run that goes on',
    next: 'Look at `rollcall runs`. The next run is held back by `rollcall pause`.',
  });
