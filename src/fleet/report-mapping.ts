import type { Problems } from './codes.ts';
import type { FleetPath } from './diagnostic.ts';

/**
 * What EKS keeps for itself. In access entries (EKS user guide, "Set a custom username for EKS access
 * entries") it refuses some names, wants a colon before the session's name, and documents no other
 * template. `aws-auth` takes any name: there `eks:` would make the caller one of EKS' own users
 * (`eks:node-manager`, `eks:addon-manager` …), with all that is bound to it.
 */
export function reportReservedUser(
  problems: Problems,
  user: string | undefined,
  path: FleetPath,
  entries: readonly string[],
): void {
  if (user === undefined) return;
  const report = (found: string, expected: string, next: string) => {
    problems.add({ code: 'fleet/reserved-user', path, found, expected, next });
  };
  const prefix = /^(?:eks|aws|amazon|iam):/.exec(user)?.[0];
  if (entries.length === 0) {
    if (prefix !== 'eks:') return;
    report(
      'a user’s name with eks: in front, as EKS’ own users have it',
      'a name of your own: whoever is mapped to one of EKS’ own has its rights',
      'Choose another name, such as rollcall:….',
    );
    return;
  }
  if (prefix !== undefined) {
    report(
      `a user’s name with ${prefix} in front, in a cluster with access entries`,
      'a name without system:, eks:, aws:, amazon: or iam: in front',
      'Choose another name, such as rollcall:….',
    );
  }
  const other = /\{\{(?!SessionName(?:Raw)?\}\})\w*\}\}/.exec(user)?.[0];
  if (other !== undefined) {
    report(
      `${other} in a user’s name, in a cluster with access entries`,
      'no template but {{SessionName}} and {{SessionNameRaw}}: access entries are documented to fill in these alone',
      'Write the name out, or with {{SessionName}}, such as admin:{{SessionName}}; the audit log has the access key id and the ARN besides.',
    );
  }
  const at = user.indexOf('{{SessionName');
  if (at === -1 || user.slice(0, at).includes(':')) return;
  report(
    '{{SessionName}} without a colon before it, in a cluster with access entries',
    'a colon before {{SessionName}}, so that no session is named like another user',
    'Write something like admin:{{SessionName}}.',
  );
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
