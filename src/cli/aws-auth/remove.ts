import { emptyFragment, unmarkedEntries } from '../../aws-auth/leave.ts';
import type { CliIo } from '../io.ts';
import { changeAwsAuth, type ChangeOptions, type Decide } from './change.ts';
import type { AwsAuthConfigMap, LiveAwsAuth } from './live-config-map.ts';
import { findTargetOrLeft, type Target } from './target.ts';
import { mergeOrRefuse, type Decision } from './write.ts';

/**
 * `rollcall aws-auth remove`: takes the fleet's own entries out of the live ConfigMap, also of a cluster
 * that has left the fleet file.
 *
 * @throws UserError
 */
export const runRemove = (io: CliIo, options: ChangeOptions): Promise<number> =>
  changeAwsAuth(io, options, leave, findTargetOrLeft);

const leave: Decide = (live, target, configMap) => ({
  ...takeOut(live, target, configMap),
  backup: 'keep',
  said: 'Taken out, and read back. What stood there before is kept: rollcall aws-auth undo.',
});

export function takeOut(
  live: LiveAwsAuth,
  { fragment }: Target,
  configMap: AwsAuthConfigMap,
): Pick<Decision, 'sections' | 'entries' | 'notes'> {
  const merged = mergeOrRefuse(configMap, live, emptyFragment(fragment));
  const notes = unmarkedEntries(merged.sections, fragment).map(
    ({ section, arn }) =>
      `${arn} stays in ${section}: no mark says that the entry is the fleet’s. Where it is, take it out by hand.`,
  );
  return { ...merged, notes };
}
