import { UserError } from '../../charts/user-error.ts';
import { controlAnnotations, parseControl } from '../../jobs/restart/record/control.ts';
import { rules } from '../form/rules.ts';
import { listed, nearest } from '../fleet/suggest.ts';
import type { CliIo } from './io.ts';
import { changeControl, type Change } from './operate/change.ts';
import type { Hub } from './operate/hub.ts';
import type { HubOptions } from './operate/options.ts';
import { requireRule } from './operate/place.ts';
import { asksForApproval, readPlan } from './operate/plan.ts';
import { runOver, runUnderWay, type HubRecord } from './operate/record.ts';

export interface ApproveOptions extends HubOptions {
  /** The run’s instant. Default: the run under way. */
  readonly run?: string;
}

/**
 * `rollcall approve`: a wave of the run under way may begin, as far as it waits for approval.
 *
 * @throws UserError `hub/unknown-wave` where the plan has no such wave, or it asks for no approval
 */
export function runApprove(
  io: CliIo,
  restart: string,
  wave: string,
  options: ApproveOptions,
): Promise<number> {
  requireRule(rules.dnsLabel, wave, 'the wave’s name');
  return changeControl(io, restart, options, async (record, hub) => {
    const change = approve(record, wave, options.run, hub.where);
    await requireWave(hub, wave);
    return change;
  });
}

/** Approvals of earlier runs are dropped: no run comes back to them. */
function approve(
  { content, annotations }: HubRecord,
  wave: string,
  wanted: string | undefined,
  where: string,
): Change {
  const { run, instant, halted } = runUnderWay(content, wanted, where);
  if (halted) throw runOver(where, `run ${run} has halted: ${halted.message}`);
  const { approved } = parseControl(annotations, instant);
  if (approved.includes(wave)) {
    return { annotations: {}, told: `Wave ${wave} of run ${run} has been approved before.\n`, run };
  }
  const value = [...approved, wave].map((one) => `${run}/${one}`).join(',');
  return {
    annotations: { [controlAnnotations.approve]: value },
    told: `Wave ${wave} of run ${run} is approved: in its turn it begins (within 10 s), once its other gates are passed.\n`,
    run,
  };
}

async function requireWave(hub: Hub, wave: string): Promise<void> {
  const { waves } = (await readPlan(hub))?.strategy ?? { waves: [] };
  const asking = waves.filter(asksForApproval).map(({ name }) => name);
  if (asking.includes(wave)) return;
  const names = waves.map(({ name }) => name);
  const meant = nearest(wave, asking);
  throw new UserError({
    code: 'hub/unknown-wave',
    place: hub.where,
    found: names.includes(wave)
      ? `wave "${wave}", which asks for no approval`
      : `no wave "${wave}"; there are ${listed(names)}`,
    expected: `a wave with an approval gate: ${listed(asking)}`,
    next: meant === undefined ? 'Look at `rollcall runs`.' : `Write ${meant}.`,
  });
}
