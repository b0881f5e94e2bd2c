import { z } from 'zod';

/** A file that somebody exported, by what is in it. */
export type Exported =
  /** `kubectl -n kube-system get configmap aws-auth -o yaml`. */
  | { readonly kind: 'aws-auth'; readonly data: Readonly<Record<string, string>> }
  /** `aws iam get-role`. */
  | { readonly kind: 'role'; readonly role: ExportedRole }
  /** `aws iam get-role-policy`, or `get-policy-version`, which does not name a role. */
  | { readonly kind: 'policy'; readonly policy: ExportedPolicy };

export interface ExportedRole {
  readonly name: string;
  readonly arn: string;
  /** `/` or `/team/`. */
  readonly path: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface ExportedPolicy {
  /** Absent: the file does not tell whose it is. */
  readonly roleName?: string;
  readonly statements: readonly unknown[];
}

const configMap = z.object({
  kind: z.literal('ConfigMap'),
  metadata: z.object({ name: z.literal('aws-auth') }),
  data: z.record(z.string(), z.string()).default({}),
});
const role = z.object({
  Role: z.object({
    RoleName: z.string(),
    Arn: z.string(),
    Path: z.string().default('/'),
    Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
  }),
});
/** IAM's API gives documents URL-encoded (IAM API reference, GetRolePolicy); the AWS CLI decodes them. */
const document = z
  .union([z.string().transform(decoded), z.unknown()])
  .pipe(
    z.object({ Statement: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]) }),
  );
const rolePolicy = z.object({ RoleName: z.string(), PolicyDocument: document });
const policyVersion = z.object({ PolicyVersion: z.object({ Document: document }) });

/** What an exported file is; `undefined` for any other. */
export function readExport(value: unknown): Exported | undefined {
  const map = configMap.safeParse(value).data;
  if (map) return { kind: 'aws-auth', data: map.data };
  const found = role.safeParse(value).data?.Role;
  if (found) {
    const { RoleName: name, Arn: arn, Path: path, Tags } = found;
    const tags = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
    return { kind: 'role', role: { name, arn, path, tags } };
  }
  const inline = rolePolicy.safeParse(value).data;
  if (inline) {
    const { RoleName: roleName, PolicyDocument } = inline;
    return { kind: 'policy', policy: { roleName, statements: listOf(PolicyDocument.Statement) } };
  }
  const managed = policyVersion.safeParse(value).data?.PolicyVersion.Document;
  return managed && { kind: 'policy', policy: { statements: listOf(managed.Statement) } };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

function decoded(text: string): unknown {
  try {
    return JSON.parse(decodeURIComponent(text)) as unknown;
  } catch {
    return undefined;
  }
}
