import type { OutputFile } from '../../../src/iam/output-file.ts';
import { nothing, roleIn, tagsOf, type Carried, type Collected } from './carried.ts';

interface Template {
  readonly Metadata: {
    readonly Rollcall: { readonly TrustStatementsToAdd?: Readonly<Record<string, unknown>> };
  };
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: Properties }>
  >;
}
/** Of whichever type: what is read of it is there. */
interface Properties {
  readonly Url: string;
  readonly ClientIdList: readonly string[];
  readonly RoleName: string;
  readonly AssumeRolePolicyDocument: unknown;
  readonly Path: string;
  readonly MaxSessionDuration: number;
  readonly PermissionsBoundary?: string;
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly Policies?: readonly Pick<Properties, 'PolicyName' | 'PolicyDocument'>[];
  readonly PolicyName: string;
  readonly PolicyDocument: unknown;
  readonly ManagedPolicyName: string;
  readonly Roles: readonly string[];
  readonly ClusterName: string;
  readonly PrincipalArn: string;
  readonly Username: string;
  readonly KubernetesGroups?: readonly string[];
  readonly AccessPolicies?: readonly { readonly PolicyArn: string; readonly AccessScope: Scope }[];
  readonly Namespace: string;
  readonly ServiceAccount: string;
  readonly RoleArn: string;
  readonly TargetRoleArn?: string;
  readonly DisableSessionTags: boolean;
}
interface Scope {
  readonly Type: string;
  readonly Namespaces?: readonly string[];
}

/** What `_cloudformation/` says. */
export function readCloudFormation(files: readonly OutputFile[]): Carried {
  const collected = nothing();
  for (const { path, text } of files) {
    const [, account = '', region = ''] =
      /(\d{12})-(?:(.+)-eks|iam)(?:-\d+)?\.json$/.exec(path) ?? [];
    const { Metadata, Resources } = JSON.parse(text) as Template;
    for (const [arn, trust] of Object.entries(Metadata.Rollcall.TrustStatementsToAdd ?? {})) {
      roleIn(collected, account, arn.slice(arn.lastIndexOf('/') + 1)).trust = trust;
    }
    for (const { Type, Properties } of Object.values(Resources)) {
      add(collected, account, region, Type, Properties);
    }
  }
  return collected;
}

function add(
  collected: Collected,
  account: string,
  region: string,
  type: string,
  of: Properties,
): void {
  const cluster = `${account}/${region}/${of.ClusterName}`;
  switch (type) {
    case 'AWS::IAM::OIDCProvider':
      collected.providers[`${account}/${of.Url}`] = of.ClientIdList;
      return;
    case 'AWS::IAM::Role': {
      const role = roleIn(collected, account, of.RoleName);
      role.trust = of.AssumeRolePolicyDocument;
      role.made = {
        path: of.Path,
        maxSessionSeconds: of.MaxSessionDuration,
        permissionsBoundary: of.PermissionsBoundary,
        tags: tagsOf(of.Tags),
      };
      for (const { PolicyName, PolicyDocument } of of.Policies ?? []) {
        role.policies[PolicyName] = { kind: 'inline', document: PolicyDocument };
      }
      return;
    }
    case 'AWS::IAM::RolePolicy': {
      const { policies } = roleIn(collected, account, of.RoleName);
      policies[of.PolicyName] = { kind: 'inline', document: of.PolicyDocument };
      return;
    }
    case 'AWS::IAM::ManagedPolicy':
      for (const name of of.Roles) {
        const { policies } = roleIn(collected, account, name);
        policies[of.ManagedPolicyName] = { kind: 'managed', document: of.PolicyDocument };
      }
      return;
    case 'AWS::EKS::AccessEntry':
      collected.entries[`${cluster}/${of.PrincipalArn}`] = {
        username: of.Username,
        groups: of.KubernetesGroups ?? [],
        policies: (of.AccessPolicies ?? []).map(({ PolicyArn, AccessScope }) => ({
          policyArn: PolicyArn,
          namespaces: scopeOf(AccessScope),
        })),
      };
      return;
    case 'AWS::EKS::PodIdentityAssociation':
      collected.associations[`${cluster}/${of.Namespace}/${of.ServiceAccount}`] = {
        roleArn: of.RoleArn,
        ...(of.TargetRoleArn === undefined ? {} : { targetRoleArn: of.TargetRoleArn }),
        disableSessionTags: of.DisableSessionTags,
      };
      return;
    default:
      throw new Error(`a resource of another type: ${type}`);
  }
}

function scopeOf({ Type, Namespaces }: Scope): readonly string[] {
  expectOneOf(Type, Namespaces ? 'namespace' : 'cluster');
  return Namespaces ?? [];
}

/** Throws unless both are one. */
export function expectOneOf(found: string, expected: string): void {
  if (found !== expected) throw new Error(`${found} in place of ${expected}`);
}
