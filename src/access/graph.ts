import type { FleetPath } from '../fleet/diagnostic.ts';
import type { Cluster, Delivery, IamSettings, UserRight } from '../fleet/model.ts';
import type { KiamAgent, Kube2iamAgent } from '../identities/agents.ts';
import type { PodIdentityAssociation, PodWiring } from '../identities/mechanism.ts';
import type { PodIdentityKind } from '../identities/pod-identity.ts';
import type { Trust } from '../identities/trust.ts';
import type {
  AccountId,
  Partition,
  PrincipalArn,
  Region,
  RoleArn,
  RoleName,
} from '../names/arn.ts';
import type { RestartPlan } from '../plan/restart-plan.ts';
import type { Finding } from './findings.ts';

export type * from '../identities/trust.ts';

/**
 * Every decision about access, made once: renderers write it down and decide nothing.
 * All lists are in a stable order, so that equal fleets give equal output to the byte.
 */
export interface AccessGraph {
  readonly fleet: string;
  /** OIDC providers that a role trusts. */
  readonly providers: readonly ProviderNode[];
  /** Roles whose trust names no other role of the graph come first: IAM can make them in this order. */
  readonly roles: readonly RoleNode[];
  /** Every cluster in which something is generated, in the fleet's order. */
  readonly clusters: readonly ClusterAccess[];
  /** What is allowed, and is worth a second look. In the order of their places. */
  readonly findings: readonly Finding[];
  readonly iam: IamSettings;
  readonly delivery: Delivery;
}

/** An IAM OIDC provider: an account's trust in a cluster's issuer. */
export interface ProviderNode {
  readonly arn: string;
  readonly account: AccountId;
  readonly partition: Partition;
  /** `https://…` */
  readonly issuer: string;
  /** Audiences, at least one. */
  readonly clientIds: readonly string[];
  /** `existing`: it is there already, and has the audiences. */
  readonly ownership: 'rollcall' | 'existing';
  readonly path: FleetPath;
}

/** An IAM role, who may become it, and what it may then do. */
export interface RoleNode {
  readonly arn: RoleArn;
  readonly name: RoleName;
  readonly account: AccountId;
  readonly partition: Partition;
  /** `/`, or `/team/`: also in the ARN. */
  readonly iamPath: string;
  /** `existing`: someone else's role, which gets statements added and loses none. */
  readonly ownership: 'rollcall' | 'existing';
  readonly trusts: readonly Trust[];
  readonly permissions: readonly Permission[];
  /** How long a session may be. Seconds; 3600 is IAM's default. */
  readonly maxSessionSeconds: number;
  /** Where the fleet file asks for it. */
  readonly path: FleetPath;
}

export type Permission = AssumeRolePermission | DescribeClusterPermission | AskedPermission;

export interface AssumeRolePermission {
  readonly kind: 'assume-role';
  readonly roleArn: RoleArn;
  /** The session carries tags on. */
  readonly tagSession: boolean;
  readonly setSourceIdentity: boolean;
}

export interface DescribeClusterPermission {
  readonly kind: 'describe-cluster';
  readonly clusterArn: string;
}

/** A statement of the fleet file, its placeholders filled in. */
export interface AskedPermission {
  readonly kind: 'asked';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** What is generated for one cluster: as a hub, as a target, or both. */
export interface ClusterAccess {
  readonly cluster: Cluster;
  readonly namespaces: readonly NamespaceAccess[];
  readonly pods: readonly PodAccess[];
  readonly restarts: readonly ScheduledRestart[];
  /** `aws-auth` entries; empty in a cluster with access entries. */
  readonly mappings: readonly Mapping[];
  /** Access entries; empty in a cluster with `aws-auth`. */
  readonly entries: readonly AccessEntry[];
  /** EKS Pod Identity's. */
  readonly associations: readonly PodIdentityAssociation[];
  readonly grants: readonly Grant[];
  readonly userGrants: readonly UserGrant[];
  /** Present where it is generated. */
  readonly kiam?: KiamAccess;
  readonly kube2iam?: Kube2iamAccess;
}

/** A namespace of the hub in which services run. */
export interface NamespaceAccess {
  readonly name: string;
  /** `existing`: someone else's, which gets annotations added. */
  readonly ownership: 'rollcall' | 'existing';
  readonly annotations: Readonly<Record<string, string>>;
}

/** A ServiceAccount whose pods have an AWS identity. */
export interface PodAccess {
  /** The service's id. */
  readonly service: string;
  readonly env: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** `existing`: someone else's ServiceAccount, which gets annotations added. */
  readonly serviceAccountOwnership: 'rollcall' | 'existing';
  readonly identity: PodIdentityKind;
  /** The service's own role; absent where its pods become the targets' roles themselves. */
  readonly roleArn?: RoleArn;
  readonly wiring: PodWiring;
  /** A bucket that a pod tries to list. */
  readonly s3Check?: string;
  /** A ConfigMap of AWS profiles. */
  readonly awsConfig?: AwsConfig;
  /** A ConfigMap with a kubeconfig. */
  readonly kubeconfig?: Kubeconfig;
}

/** AWS profiles (AWS SDKs and tools reference guide, "Shared config and credentials files"). */
export interface AwsConfig {
  readonly configMap: string;
  readonly profiles: readonly AwsProfile[];
}

export interface AwsProfile {
  readonly name: string;
  readonly region: Region;
  readonly roleArn?: RoleArn;
  readonly externalId?: string;
  readonly sessionName: string;
  /** Where its credentials come from, before it assumes its role. */
  readonly source:
    | { readonly kind: 'profile'; readonly name: string }
    | { readonly kind: 'web-identity'; readonly tokenFile: string }
    | { readonly kind: 'container' }
    | { readonly kind: 'metadata' };
}

/** A kubeconfig with `aws eks get-token` as its exec plugin. */
export interface Kubeconfig {
  readonly configMap: string;
  readonly contexts: readonly KubeconfigContext[];
}

export interface KubeconfigContext {
  readonly cluster: Cluster;
  readonly roleArn: RoleArn;
  readonly profile?: string;
}

export interface KiamAccess {
  readonly agent: KiamAgent;
}

export interface Kube2iamAccess {
  readonly agent: Kube2iamAgent;
}

/** A restart as its hub runs it. */
export interface ScheduledRestart {
  readonly plan: RestartPlan;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly wiring: PodWiring;
  readonly image: string;
  readonly schedule: string;
  readonly timeZone: string;
  readonly suspend: boolean;
  readonly path: FleetPath;
}

/** An `aws-auth` entry: this principal is that user here. */
export interface Mapping {
  /** `role` stands in `mapRoles`, `user` in `mapUsers`. */
  readonly kind: 'role' | 'user';
  readonly arn: PrincipalArn;
  readonly username: string;
  readonly groups: readonly string[];
}

/** A STANDARD access entry of EKS. */
export interface AccessEntry {
  readonly principalArn: PrincipalArn;
  readonly username: string;
  readonly groups: readonly string[];
  readonly policies: readonly AccessPolicyAssociation[];
}

export interface AccessPolicyAssociation {
  /** `arn:PARTITION:eks::aws:cluster-access-policy/NAME`. */
  readonly policyArn: string;
  /** Empty: the whole cluster. */
  readonly namespaces: readonly string[];
}

/** What people may do, bound to a group that only they are given. */
export interface UserGrant {
  readonly user: string;
  /** `rollcall:{fleet}:{user}`. */
  readonly group: string;
  readonly rights: readonly UserRight[];
}

/** What a mapped user may do in one namespace of a target cluster. */
export interface Grant {
  readonly service: string;
  readonly username: string;
  readonly namespace: string;
  /** At least one. */
  readonly rules: readonly GrantRule[];
}

/** One rule of a Role. */
export interface GrantRule {
  /** API group; empty for the core. */
  readonly group: string;
  /** Plural, with a subresource after a slash: `pods/eviction`. */
  readonly resource: string;
  /** Sorted, without repetition, at least one. Absent: all, which only a restart that asks for it gets. */
  readonly names?: readonly string[];
  readonly verbs: readonly Verb[];
}

export type Verb = 'get' | 'list' | 'watch' | 'patch' | 'create';
