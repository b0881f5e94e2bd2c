import type { AllowedRolesFormat } from '../../../src/identities/kube2iam/allowed-roles.ts';

export interface Kube2iamMatch {
  /** The namespace's `iam.amazonaws.com/allowed-roles`. */
  readonly allowed: string;
  /** The pod's `iam.amazonaws.com/role`. */
  readonly annotation: string;
  readonly format: AllowedRolesFormat;
  /** `--base-role-arn`, or empty. */
  readonly base: string;
}

/**
 * Whether kube2iam gives the pod the role that it is annotated with: `checkRoleForNamespace` of
 * jtblin/kube2iam, mappings/mapper.go, without a default role.
 */
export function kube2iamPermits({ allowed, annotation, format, base }: Kube2iamMatch): boolean {
  const role = roleArn(annotation, base);
  // `--default-role` is empty: so resolved it is the base ARN, and passes unchecked.
  if (role === base) return true;
  return (JSON.parse(allowed) as string[]).some((pattern) => {
    const normalized = roleArn(pattern, base);
    return format === 'regexp' ? new RegExp(normalized, 'u').test(role) : glob(normalized, role);
  });
}

/** `RoleARN` of jtblin/kube2iam, iam/arn.go. */
const roleArn = (role: string, base: string): string =>
  role.toLowerCase().startsWith('arn:') ? role : base + role;

/** `Glob` of ryanuber/go-glob, glob.go. */
export function glob(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  const parts = pattern.split('*');
  if (parts.length === 1) return text === pattern;
  let rest = text;
  for (const [index, part] of parts.entries()) {
    if (index === 0 && pattern.startsWith('*')) continue;
    if (index === 0 && !rest.startsWith(part)) return false;
    if (index === parts.length - 1 && rest.length > 0) {
      return pattern.endsWith('*') || rest.endsWith(part);
    }
    if (!rest.includes(part)) return false;
    rest = rest.slice(rest.indexOf(part) + part.length);
  }
  return true;
}
