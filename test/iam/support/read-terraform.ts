import type { OutputFile } from '../../../src/iam/output-file.ts';
import { nothing, roleIn, type Carried, type Collected } from './carried.ts';
import { expectOneOf } from './read-cloudformation.ts';

type Block = Readonly<Record<string, unknown>>;
interface Module {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly output?: { readonly trust_statements_to_add?: { readonly value: Block } };
}

/** What `_terraform/` says: expressions followed, all other text with its escapes undone. */
export function readTerraform(files: readonly OutputFile[]): Carried {
  const collected = nothing();
  for (const { path, text } of files) {
    const [, account] = /\/(\d{12})\/main\.tf\.json$/.exec(path) ?? [];
    if (account !== undefined) readModule(collected, account, JSON.parse(text) as Module);
  }
  return collected;
}

/** A brace behind one such sign; behind two it is a text. */
const expression = /(?<!\$)\$\{|(?<!%)%\{/;

/** A text that is no template. Throws for one that is. */
function plain(value: unknown): string {
  const text = String(value);
  if (expression.test(text)) throw new Error(`an expression: ${text}`);
  return text.replace(/([$%])\1\{/g, '$1{');
}

const plainly = (value: unknown): unknown =>
  typeof value === 'string'
    ? plain(value)
    : Array.isArray(value)
      ? value.map(plainly)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, one]) => [plain(key), plainly(one)]))
        : value;

function readModule(
  collected: Collected,
  account: string,
  { resource = {}, output }: Module,
): void {
  const blocks = (type: string): readonly (readonly [string, Block])[] =>
    Object.entries(resource[type] ?? {});
  const follow = (value: unknown, type: string): Block => {
    const [, label = ''] =
      new RegExp(`^\\$\\{${type}\\.([\\w-]+)\\.\\w+\\}$`).exec(String(value)) ?? [];
    const block = resource[type]?.[label];
    if (!block) throw new Error(`nothing at ${String(value)}`);
    return block;
  };
  const roleName = (value: unknown): string =>
    String(value).startsWith('${aws_iam_role.')
      ? plain(follow(value, 'aws_iam_role').name)
      : plain(value);
  const regionOf = (block: Block): string =>
    String(block.provider)
      .replace(/^aws\./, '')
      .replaceAll('_', '-');
  const place = (block: Block): string =>
    `${account}/${regionOf(block)}/${plain(block.cluster_name)}`;

  for (const [, block] of blocks('aws_iam_openid_connect_provider')) {
    collected.providers[`${account}/${plain(block.url)}`] = plainly(
      block.client_id_list,
    ) as string[];
  }
  for (const [, block] of blocks('aws_iam_role')) {
    const role = roleIn(collected, account, plain(block.name));
    role.trust = JSON.parse(plain(block.assume_role_policy));
    role.made = {
      path: plain(block.path),
      maxSessionSeconds: block.max_session_duration as number,
      permissionsBoundary:
        block.permissions_boundary === undefined ? undefined : plain(block.permissions_boundary),
      tags: plainly(block.tags ?? {}) as Record<string, string>,
    };
  }
  for (const [arn, trust] of Object.entries(output?.trust_statements_to_add?.value ?? {})) {
    roleIn(collected, account, arn.slice(arn.lastIndexOf('/') + 1)).trust = plainly(trust);
  }
  for (const [, block] of blocks('aws_iam_role_policy')) {
    roleIn(collected, account, roleName(block.role)).policies[plain(block.name)] = {
      kind: 'inline',
      document: JSON.parse(plain(block.policy)),
    };
  }
  for (const [, block] of blocks('aws_iam_role_policy_attachment')) {
    const policy = follow(block.policy_arn, 'aws_iam_policy');
    roleIn(collected, account, roleName(block.role)).policies[plain(policy.name)] = {
      kind: 'managed',
      document: JSON.parse(plain(policy.policy)),
    };
  }
  for (const [, block] of blocks('aws_eks_access_entry')) {
    collected.entries[`${place(block)}/${plain(block.principal_arn)}`] = {
      username: plain(block.user_name),
      groups: plainly(block.kubernetes_groups ?? []) as string[],
      policies: blocks('aws_eks_access_policy_association')
        .map(([, one]) => one)
        .filter((one) => place(one) === place(block) && one.principal_arn === block.principal_arn)
        .map(({ policy_arn, access_scope }) => ({
          policyArn: plain(policy_arn),
          namespaces: scopeOf(plainly(access_scope) as Scope),
        })),
    };
  }
  for (const [, block] of blocks('aws_eks_pod_identity_association')) {
    const key = `${place(block)}/${plain(block.namespace)}/${plain(block.service_account)}`;
    collected.associations[key] = {
      roleArn: plain(block.role_arn),
      ...(block.target_role_arn === undefined
        ? {}
        : { targetRoleArn: plain(block.target_role_arn) }),
      disableSessionTags: block.disable_session_tags as boolean,
    };
  }
}

interface Scope {
  readonly type: string;
  readonly namespaces?: readonly string[];
}

function scopeOf({ type, namespaces }: Scope): readonly string[] {
  expectOneOf(type, namespaces ? 'namespace' : 'cluster');
  return namespaces ?? [];
}
