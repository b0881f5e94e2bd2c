import type { Role } from '../aws/iam.ts';
import type { Statement } from '../aws/policy-document.ts';

/** Each takes one thing out of a role's policies and says what it changed, a line each. */

/** What says which ServiceAccount it is: in a web identity, and in EKS Pod Identity's tags. */
const serviceAccountKey = /(?::sub|^aws:requesttag\/kubernetes-service-account)$/;

/** The trust names another ServiceAccount of the namespace. */
export function renameSubject(role: Role): readonly string[] {
  const changes: string[] = [];
  role.trust = role.trust.map((statement) => ({
    ...statement,
    conditions: statement.conditions.map((condition) => {
      if (!serviceAccountKey.test(condition.key.toLowerCase())) return condition;
      const values = condition.values.map((value) => value.replace(/[^:]*$/, 'another'));
      if (values.join() === condition.values.join()) return condition;
      changes.push(
        `${role.arn} trusts ${values.join(', ')} instead of ${condition.values.join(', ')}`,
      );
      return { ...condition, values };
    }),
  }));
  return changes;
}

/** The action is no longer allowed on these. Exact ARNs only: a wildcard that someone else wrote stays. */
export function dropResources(
  role: Role,
  action: string,
  arns: readonly string[],
): readonly string[] {
  const changes: string[] = [];
  for (const [name, statements] of role.policies) {
    role.policies.set(
      name,
      statements.flatMap((statement): readonly Statement[] => {
        const { resources, actions, effect } = statement;
        const listed = resources && !resources.not && actions.patterns.includes(action);
        if (effect !== 'Allow' || !listed) return [statement];
        const patterns = resources.patterns.filter((pattern) => !arns.includes(pattern));
        if (patterns.length === resources.patterns.length) return [statement];
        changes.push(`${role.arn} lost ${action} on ${arns.join(', ')}`);
        return patterns.length > 0 ? [{ ...statement, resources: { not: false, patterns } }] : [];
      }),
    );
  }
  return changes;
}

/** The callers are no longer trusted. */
export function dropPrincipals(role: Role, callers: readonly Role[]): readonly string[] {
  const arns = callers.map(({ arn }) => arn);
  const changes: string[] = [];
  role.trust = role.trust.flatMap((statement): readonly Statement[] => {
    const { principals } = statement;
    if (principals === undefined || principals === 'not') return [statement];
    const aws = principals.aws.filter((principal) => !arns.includes(principal));
    if (aws.length === principals.aws.length) return [statement];
    changes.push(`${role.arn} no longer trusts ${arns.join(', ')}`);
    const left = aws.length + principals.federated.length + principals.service.length;
    return left > 0 ? [{ ...statement, principals: { ...principals, aws } }] : [];
  });
  return changes;
}
