import type { AccessPolicyAssociation } from '../access/graph.ts';

/** `_iam/apply-order.json`: every call that is to be made, in the order in which AWS accepts them. */
export interface ApplyOrder {
  readonly prerequisites: readonly Prerequisite[];
  readonly steps: readonly ApplyStep[];
}

/** What must be so before the first step; Rollcall does not make it so. */
export type Prerequisite = ProviderThere | PodIdentityAgentThere | AccessEntriesOn;

/** An OIDC provider, with this audience. */
export interface ProviderThere {
  readonly kind: 'oidc-provider';
  readonly account: string;
  readonly arn: string;
  /** `https://…` */
  readonly issuer: string;
  readonly clientId: string;
}

interface OfCluster {
  readonly account: string;
  readonly region: string;
  /** The name that EKS knows it by. */
  readonly cluster: string;
}

/**
 * The EKS add-on `eks-pod-identity-agent`, without which no pod gets what an association gives (EKS
 * user guide, "Set up the Amazon EKS Pod Identity Agent").
 */
export interface PodIdentityAgentThere extends OfCluster {
  readonly kind: 'pod-identity-agent';
}

/**
 * The authentication mode `API_AND_CONFIG_MAP` or `API`: in `CONFIG_MAP` EKS refuses access entries
 * (EKS user guide, "Change authentication mode to use access entries").
 */
export interface AccessEntriesOn extends OfCluster {
  readonly kind: 'access-entries';
}

export type ApplyStep =
  | CreateOidcProvider
  | CreateRole
  | AddTrustStatements
  | PutPermissions
  | AttachManagedPolicy
  | CreateAccessEntry
  | CreatePodIdentityAssociation;
export type ApplyAction = ApplyStep['action'];

interface StepBase {
  /** From 1. */
  readonly step: number;
  readonly account: string;
}

/** Where one is there already, only the client ids that it lacks are added. */
export interface CreateOidcProvider extends StepBase {
  readonly action: 'create-oidc-provider';
  readonly arn: string;
  /** `https://…` */
  readonly issuer: string;
  readonly clientIds: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

interface RoleStep extends StepBase {
  /** Its name. */
  readonly role: string;
  /** The role's. */
  readonly arn: string;
  /** The document, relative to the output folder, with `/`. */
  readonly file: string;
}

export interface CreateRole extends RoleStep {
  readonly action: 'create-role';
  /** `/`, or `/team/`. */
  readonly path: string;
  readonly maxSessionSeconds: number;
  /** An ARN. */
  readonly permissionsBoundary?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** To the trust policy of a role that exists; statements of the same Sid are replaced. */
export interface AddTrustStatements extends RoleStep {
  readonly action: 'add-trust-statements';
  /** A session must be let last so long: another's role may have to be changed. Seconds. */
  readonly maxSessionSeconds: number;
}

/** An inline policy of that name: `put-permissions` on a role of ours, else on someone else's. */
export interface PutPermissions extends RoleStep {
  readonly action: 'put-permissions' | 'add-permission-statements';
  readonly policy: string;
}

/** A managed policy, made and attached to the role. */
export interface AttachManagedPolicy extends RoleStep {
  readonly action: 'attach-managed-policy';
  readonly policy: string;
  readonly policyArn: string;
  /** The policy's: `/`, or `/team/`. */
  readonly path: string;
  readonly tags: Readonly<Record<string, string>>;
}

type EksStep = StepBase & OfCluster;

/** A STANDARD access entry, with its access policies. */
export interface CreateAccessEntry extends EksStep {
  readonly action: 'create-access-entry';
  readonly principalArn: string;
  readonly username: string;
  readonly groups: readonly string[];
  readonly policies: readonly AccessPolicyAssociation[];
}

export interface CreatePodIdentityAssociation extends EksStep {
  readonly action: 'create-pod-identity-association';
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  readonly targetRoleArn?: string;
  readonly disableSessionTags: boolean;
}

/** What must be so, in a line. */
export function textOfPrerequisite(one: Prerequisite): string {
  switch (one.kind) {
    case 'oidc-provider':
      return `must exist: ${one.arn} (${one.clientId})`;
    case 'pod-identity-agent':
      return `must run: the EKS add-on eks-pod-identity-agent in ${placeOf(one)}`;
    case 'access-entries':
      return `must be set: authentication mode API_AND_CONFIG_MAP or API in ${placeOf(one)}`;
  }
}

const placeOf = ({ account, region, cluster }: OfCluster): string =>
  `${account}/${region}/${cluster}`;

/** What a step is about, in short. */
export function subjectOf(step: ApplyStep): string {
  switch (step.action) {
    case 'create-oidc-provider':
      return step.issuer.replace(/^https:\/\//, '');
    case 'create-role':
    case 'add-trust-statements':
    case 'put-permissions':
    case 'add-permission-statements':
      return step.role;
    case 'attach-managed-policy':
      return `${step.role}: ${step.policy}`;
    case 'create-access-entry':
      return `${step.cluster}: ${step.principalArn}`;
    case 'create-pod-identity-association':
      return `${step.cluster}: ${step.namespace}/${step.serviceAccount}`;
  }
}
