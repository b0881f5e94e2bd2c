import type { FleetPath } from '../fleet/diagnostic.ts';
import type { Cluster } from '../fleet/model.ts';
import type { AccountId, Partition, RoleArn, RoleName } from '../names/arn.ts';
import type { RestartPlan } from '../plan/restart-plan.ts';

/**
 * Every decision about access, made once: renderers write it down and decide nothing.
 * All lists are in a stable order, so that equal fleets give equal output to the byte.
 */
export interface AccessGraph {
  readonly fleet: string;
  /** Roles whose trust names no other role of the graph come first: IAM can make them in this order. */
  readonly roles: readonly RoleNode[];
  /** Every cluster in which something is generated, in the fleet's order. */
  readonly clusters: readonly ClusterAccess[];
}

/** An IAM role, who may become it, and what it may then do. */
export interface RoleNode {
  readonly arn: RoleArn;
  readonly name: RoleName;
  readonly account: AccountId;
  readonly partition: Partition;
  /** `existing`: someone else's role, which gets statements added and loses none. */
  readonly ownership: 'rollcall' | 'existing';
  readonly trusts: readonly Trust[];
  readonly permissions: readonly Permission[];
  /** Where the fleet file asks for it. */
  readonly path: FleetPath;
}

export type Trust = WebIdentityTrust | RoleTrust;

/** A ServiceAccount of one cluster, by its OIDC issuer, with exact audience and subject. */
export interface WebIdentityTrust {
  readonly kind: 'web-identity';
  readonly providerArn: string;
  /** `https://…` */
  readonly issuer: string;
  readonly audience: string;
  /** `system:serviceaccount:NAMESPACE:NAME`. */
  readonly subject: string;
}

export interface RoleTrust {
  readonly kind: 'role';
  readonly roleArn: RoleArn;
  readonly externalId?: string;
}

export type Permission =
  | { readonly kind: 'assume-role'; readonly roleArn: RoleArn }
  | { readonly kind: 'describe-cluster'; readonly clusterArn: string };

/** What is generated for one cluster: as a hub, as a target, or both. */
export interface ClusterAccess {
  readonly cluster: Cluster;
  readonly namespaces: readonly string[];
  readonly pods: readonly PodAccess[];
  readonly restarts: readonly ScheduledRestart[];
  readonly mappings: readonly Mapping[];
  readonly grants: readonly Grant[];
}

/** A ServiceAccount that becomes a role. */
export interface PodAccess {
  readonly service: string;
  readonly env: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: RoleArn;
}

/** A restart as its hub runs it. */
export interface ScheduledRestart {
  readonly plan: RestartPlan;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly image: string;
  readonly schedule: string;
  readonly timeZone: string;
  readonly suspend: boolean;
  readonly path: FleetPath;
}

/** An `aws-auth` entry: this role is that user here. */
export interface Mapping {
  readonly roleArn: RoleArn;
  readonly username: string;
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
