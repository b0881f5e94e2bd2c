import type { RoleArn, RoleName } from '../../names/arn.ts';
import { quoteMeta } from '../kube2iam/quote-meta.ts';

/** A namespace's annotation: which roles its pods may have. */
export const permittedKey = 'iam.amazonaws.com/permitted';

export interface PermittedRole {
  /** As the pods' annotation `iam.amazonaws.com/role` says it: a name, or the whole ARN. */
  readonly name: RoleName | RoleArn;
  readonly arn: RoleArn;
}

/**
 * The value of a namespace's annotation, by which kiam lets its pods have
 * exactly these roles; empty for no role, which kiam takes for a refusal. Sorted, each once.
 *
 * v4 matches the role's whole ARN, and puts `^` and `$` round the expression unless its server runs with
 * `--disable-strict-namespace-regexp`; v3 matches the role as the pod asks for it, and puts nothing round
 * it (uswitch/kiam, pkg/server/policy.go of v4.2 and of v3.6). Anchors of its own make the expression the
 * same in all three; the group keeps them from binding to its first and last alternative alone.
 */
export const permittedExpression = (
  roles: readonly PermittedRole[],
  version: 'v3' | 'v4',
): string => exactly(roles.map(({ name, arn }): string => (version === 'v4' ? arn : name)));

/** The same of what the version matches: of v4 whole ARNs. */
export function exactly(matched: readonly string[]): string {
  const alternatives = [...new Set(matched)].sort().map(quoteMeta);
  return alternatives.length === 0 ? '' : `^(?:${alternatives.join('|')})$`;
}
