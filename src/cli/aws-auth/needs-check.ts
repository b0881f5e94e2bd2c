import { UserError } from '../../../charts/user-error.ts';
import type { MergeChange } from '../../aws-auth/merge-section.ts';
import type { AwsAuthConfigMap } from './live-config-map.ts';
import { shellLine } from './shell.ts';
import type { Target } from './target.ts';

/** The fleet file says `access-entries`, and entries of the fleet's still stand in `aws-auth`. */
export const leavesByFile = ({ cluster }: Target, entries: readonly MergeChange[]): boolean =>
  cluster?.accessControl === 'access-entries' && entries.some(({ change }) => change === 'removed');

/**
 * A word in the fleet file takes no one's way in: whether the access entries are there, and whether the
 * cluster's mode reads them, EKS alone knows, and `apply` doesn't ask it. `remove` is told by someone
 * who has looked.
 *
 * @throws UserError `aws-auth/needs-check`
 */
export function requireNoWayOut(
  configMap: AwsAuthConfigMap,
  target: Target,
  entries: readonly MergeChange[],
): void {
  if (!leavesByFile(target, entries)) return;
  const count = entries.filter(({ change }) => change === 'removed').length;
  throw new UserError({
    code: 'aws-auth/needs-check',
    place: configMap.where,
    found: `${count} ${count === 1 ? 'entry' : 'entries'} of fleet ${target.fleet}, and accessControl: access-entries in the fleet file`,
    expected:
      'access entries that are proved, before these are taken out: without them nobody gets in',
    next: `Take the steps that \`${commandFor('migrate', target)}\` prints, the check among them; then \`${commandFor('remove', target)}\`.`,
  });
}

const commandFor = (command: string, { name }: Target): string =>
  shellLine(['rollcall', 'aws-auth', command, '--cluster', name]);
