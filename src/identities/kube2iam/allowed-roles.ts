import type { RoleArn } from '../../names/arn.ts';
import { quoteMeta } from './quote-meta.ts';

/** A namespace's annotation: its list. */
export const allowedRolesKey = 'iam.amazonaws.com/allowed-roles';

/** How kube2iam reads a namespace's list: its flag `--namespace-restriction-format`. */
export type AllowedRolesFormat = 'glob' | 'regexp';

export type AllowedRoles =
  /** What the annotation holds: a JSON array in a text. */
  | { readonly kind: 'roles'; readonly value: string }
  /** A role that no pattern of the format stands for alone. */
  | { readonly kind: 'inexpressible'; readonly arn: RoleArn; readonly reason: string };

/**
 * The value of a namespace's annotation, by which kube2iam lets its
 * pods have exactly these roles; none at all for an empty list (jtblin/kube2iam, mappings/mapper.go).
 * Sorted, each once. Always whole ARNs: what does not start with `arn:` gets the base ARN in front, the
 * patterns too (iam/arn.go).
 *
 * A `glob` knows `*` alone, which crosses `/`, and nothing that escapes it (ryanuber/go-glob). A role's
 * path may hold one (IAM API reference, CreateRole), and then only `regexp` can stand for it.
 */
export function allowedRoles(arns: readonly RoleArn[], format: AllowedRolesFormat): AllowedRoles {
  const sorted = [...new Set(arns)].sort();
  switch (format) {
    case 'glob': {
      const wildcard = sorted.find((arn) => arn.includes('*'));
      if (wildcard !== undefined) {
        const reason = "its path holds a *, which kube2iam's glob takes for any text";
        return { kind: 'inexpressible', arn: wildcard, reason };
      }
      return { kind: 'roles', value: JSON.stringify(sorted) };
    }
    case 'regexp':
      return { kind: 'roles', value: JSON.stringify(sorted.map(anchored)) };
  }
}

/**
 * kube2iam anchors nothing, so that a bare ARN also permits a longer one, and one in whose path it
 * stands. `^arn:…` is no way out: it does not start with `arn:`, gets the base ARN in front, and matches
 * nothing. So an alternative comes first that starts with `arn:` and matches nothing: after it the text
 * would have to begin. The `^` and `$` of the second are Go's: the text's own ends, never a line's.
 */
const anchored = (arn: RoleArn): string => `arn:^|^${quoteMeta(arn)}$`;
