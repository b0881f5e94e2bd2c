import type { Fleet } from '../../fleet/model.ts';
import type { AccessProblem } from '../codes.ts';
import type { RoleNode } from '../graph.ts';
import type { Identities } from '../identities.ts';
import { addAgentRoles } from './agent-roles.ts';
import { RoleDrafts, type RoleDraft } from './drafts.ts';
import { byTrust } from './order.ts';
import { addServiceRoles } from './service-roles.ts';
import { addTargetRoles } from './target-roles.ts';
import { addUserRoles } from './user-roles.ts';

/**
 * Every role: services' own, the targets' that they reach, those of agents and nodes that hand them
 * to pods, and those made for people. Each trusts exactly whom its neighbours need.
 */
export function planRoles(
  fleet: Fleet,
  identities: Identities,
  problems: AccessProblem[],
): readonly RoleNode[] {
  const drafts = new RoleDrafts(problems);
  addServiceRoles(drafts, fleet, identities);
  addTargetRoles(drafts, fleet, identities, problems);
  addAgentRoles(drafts, fleet, identities);
  addUserRoles(drafts, fleet);
  problems.push(...caseConflicts(drafts.all));
  return byTrust(drafts.all.filter(isOfUse).map(finish));
}

/** An existing role that gets nothing is not ours to speak of. */
const isOfUse = ({ ownership, trusts, permissions }: RoleDraft): boolean =>
  ownership === 'rollcall' || trusts.size > 0 || permissions.size > 0;

/** Names are not distinguished by case (IAM API reference, CreateRole, `RoleName`). */
function caseConflicts(drafts: readonly RoleDraft[]): readonly AccessProblem[] {
  const first = new Map<string, RoleDraft>();
  return drafts.flatMap((draft) => {
    const key = `${draft.account}/${draft.name.toLowerCase()}`;
    const known = first.get(key) ?? draft;
    first.set(key, known);
    if (known === draft) return [];
    return [
      {
        code: 'access/role-case',
        path: draft.path,
        found: `role ${draft.arn}, which differs from role ${known.arn} by case or path alone`,
        expected: 'one spelling: IAM takes both for one role',
        next: `Write ${known.name} in both places, or choose another name.`,
      },
    ];
  });
}

const finish = ({ trusts, permissions, ...draft }: RoleDraft): RoleNode => ({
  arn: draft.arn,
  name: draft.name,
  account: draft.account,
  partition: draft.partition,
  iamPath: draft.iamPath,
  ownership: draft.ownership,
  trusts: [...trusts.values()],
  permissions: [...permissions.values()],
  maxSessionSeconds: draft.maxSessionSeconds,
  path: draft.path,
});
