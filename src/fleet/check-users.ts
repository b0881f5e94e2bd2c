import { identityCenterFault, lacksIdentityCenterPath } from '../names/identity-center.ts';
import { checkRights } from './check-rights.ts';
import { checkSelector, type ClusterIndex, namesWith } from './check-selector.ts';
import type { Problems } from './codes.ts';
import { quoted } from './describe.ts';
import type { FleetPath } from './diagnostic.ts';
import { reportExactlyOne, reportRepeated, reportRepeats } from './references.ts';
import { reportReservedUser } from './report-mapping.ts';
import type { FleetDraft, UserDraft } from './shape.ts';
import { listed } from './suggest.ts';

/** Users: each there once, one principal each, which its clusters can know. */
export function checkUsers(draft: FleetDraft, clusters: ClusterIndex, problems: Problems): void {
  const users = (draft.users ?? []).map((user, index) => ({ ...user, index }));
  reportRepeats(problems, users, {
    code: 'fleet/duplicate-name',
    key: ({ name }) => name,
    path: ({ index }) => ['users', index, 'name'],
    found: ({ name = '' }) => `a second user "${name}"`,
    expected: 'every user’s name once',
    next: 'Rename one.',
  });
  for (const user of draft.users ?? []) {
    const path: FleetPath = ['users', draft.users?.indexOf(user) ?? 0];
    if (!user) continue;
    const next = 'Add arn for a principal that exists, or role for one that is made.';
    reportExactlyOne(problems, user, path, ['arn', 'role'], next);
    reportRepeated(problems, user.groups, [...path, 'groups']);
    reportRepeated(problems, user.role?.trusted, [...path, 'role', 'trusted']);
    const { names } = checkSelector(problems, user.clusters, [...path, 'clusters'], clusters);
    const auth = namesWith('aws-auth', names, clusters);
    const entries = namesWith('access-entries', names, clusters);
    reportReservedUser(problems, user.username, [...path, 'username'], entries);
    checkGroups(user, path, entries, problems);
    checkPaths(user, path, entries, problems);
    checkRights(user, path, auth, problems);
  }
}

/** EKS and IAM look up whom they let in: without its path such a role is not there. */
function checkPaths(
  { arn, role }: UserDraft,
  path: FleetPath,
  entries: readonly string[],
  problems: Problems,
): void {
  const looked = [
    ...(entries.length > 0 ? [{ arn, path: [...path, 'arn'] }] : []),
    ...(role?.trusted ?? []).map((one, index) => ({
      arn: one,
      path: [...path, 'role', 'trusted', index],
    })),
  ];
  for (const one of looked) {
    if (one.arn === undefined || !lacksIdentityCenterPath(one.arn)) continue;
    problems.add({ code: 'fleet/principal-arn', path: one.path, ...identityCenterFault(one.arn) });
  }
}

function checkGroups(
  { groups }: UserDraft,
  path: FleetPath,
  entries: readonly string[],
  problems: Problems,
): void {
  if (entries.length === 0) return;
  for (const [index, group] of (groups ?? []).entries()) {
    if (!group?.startsWith('system:')) continue;
    problems.add({
      code: 'fleet/reserved-group',
      path: [...path, 'groups', index],
      found: `the group ${quoted(group)} in an access entry of ${listed(entries, 3)}`,
      expected: 'groups without system: in front: EKS refuses those in access entries',
      next:
        group === 'system:masters'
          ? 'Write `accessPolicies: [{policy: AmazonEKSClusterAdminPolicy}]` in its place.'
          : 'Bind a group of your own.',
    });
  }
}
