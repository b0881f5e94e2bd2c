import type { Problems } from './codes.ts';
import type { FleetPath } from './diagnostic.ts';

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

/** Rollcall's own roles are on `iam.path`. */
export function reportOwnPath(problems: Problems, holder: object, path: FleetPath): void {
  if (!('rolePath' in holder)) return;
  problems.add({
    code: 'fleet/misplaced-key',
    path,
    atKey: true,
    found: 'rolePath, of a role of Rollcall’s own',
    expected: 'the path of a role that is someone else’s',
    next: 'Remove it, or say that the role is existing; for roles of our own there is iam.path.',
  });
}
