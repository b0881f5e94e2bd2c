import { rules } from '../form/rules.ts';
import type { Problems } from './codes.ts';
import { quoted } from './describe.ts';
import type { FleetPath } from './diagnostic.ts';
import { listed } from './suggest.ts';

/**
 * EKS user guide, "Create access entries": what a user's name in an access entry can't begin with,
 * and a colon before the session's name.
 */
export function reportReservedUser(
  problems: Problems,
  user: string | undefined,
  path: FleetPath,
  entries: readonly string[],
): void {
  if (user === undefined || entries.length === 0) return;
  const prefix = /^(?:eks|aws|amazon|iam):/.exec(user)?.[0];
  if (prefix !== undefined) {
    problems.add({
      code: 'fleet/reserved-user',
      path,
      found: `a user’s name with ${prefix} in front, in a cluster with access entries`,
      expected: 'a name without system:, eks:, aws:, amazon: or iam: in front',
      next: 'Choose another name, such as rollcall:….',
    });
  }
  const at = user.indexOf('{{SessionName');
  if (at === -1 || user.slice(0, at).includes(':')) return;
  problems.add({
    code: 'fleet/reserved-user',
    path,
    found: '{{SessionName}} without a colon before it, in a cluster with access entries',
    expected: 'a colon before {{SessionName}}, so that no session is named like another user',
    next: 'Write something like admin:{{SessionName}}.',
  });
}

/** aws-iam-authenticator looks a role up by `role/NAME`, without its path (its issue 268). */
export function reportUnmatchedPath(
  problems: Problems,
  iamPath: string | undefined,
  path: FleetPath,
  auth: readonly string[],
): void {
  if (iamPath === undefined || iamPath === '/' || auth.length === 0) return;
  if (!rules.iamPath.test(iamPath)) return;
  problems.add({
    code: 'fleet/unmatched-path',
    path,
    found: `a role of Rollcall’s own under iam.path ${quoted(iamPath)}, mapped by aws-auth in ${listed(auth, 3)}`,
    expected: 'a role without a path: aws-auth never matches one that has any',
    next: 'Remove iam.path, or give these clusters accessControl: access-entries.',
  });
}
