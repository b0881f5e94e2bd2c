import { parsePlan } from '../../../jobs/restart/parse-plan.ts';
import { safeText } from '../../../jobs/restart/redact.ts';
import { UserError } from '../../../charts/user-error.ts';
import type { PlannedWave, RestartPlan } from '../../plan/restart-plan.ts';
import type { Hub } from './hub.ts';

/**
 * The plan that the hub's next pod reads. `undefined` where there is none.
 *
 * @throws UserError `hub/unreadable`
 */
export async function readPlan(hub: Hub): Promise<RestartPlan | undefined> {
  const text = (await hub.plan())?.data['plan.json'];
  if (text === undefined) return undefined;
  const parsed = parsePlan(text);
  if (parsed.kind === 'plan') return parsed.plan;
  throw new UserError({
    code: 'hub/unreadable',
    place: hub.where,
    found: `the restart’s plan: ${safeText(parsed.message)}`,
    expected: 'a plan as this version of rollcall writes it',
    next: 'Use the version of rollcall that wrote it, or apply what this one writes.',
  });
}

export const asksForApproval = ({ gates }: PlannedWave): boolean =>
  gates.some(({ kind }) => kind === 'approval');
