import type { RoleArn } from '../../names/arn.ts';
import type { RoleNode } from '../graph.ts';

/**
 * A role after those that it trusts, else as they stand: IAM refuses a trust in a role that is not
 * there (`Invalid principal in policy`). Of a circle, which no fleet asks for, one stands first.
 */
export function byTrust(roles: readonly RoleNode[]): readonly RoleNode[] {
  const byArn = new Map<string, RoleNode>(roles.map((role) => [role.arn, role]));
  const seen = new Set<RoleArn>();
  const ordered: RoleNode[] = [];
  const visit = (role: RoleNode): void => {
    if (seen.has(role.arn)) return;
    seen.add(role.arn);
    for (const trust of role.trusts) {
      const trusted =
        trust.kind === 'role'
          ? byArn.get(trust.roleArn)
          : trust.kind === 'people'
            ? byArn.get(trust.principalArn)
            : undefined;
      if (trusted) visit(trusted);
    }
    ordered.push(role);
  };
  roles.forEach(visit);
  return ordered;
}
