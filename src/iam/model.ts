import type { AccessEntry, ProviderNode, RoleNode } from '../access/graph.ts';
import type { IamSettings } from '../fleet/model.ts';
import type { PodIdentityAssociation } from '../identities/mechanism.ts';
import type { AccountId, Partition, Region } from '../names/arn.ts';
import type { PolicyDocument } from './policy.ts';

/**
 * Everything that the fleet asks of AWS, account by account: the one thing that every form (JSON,
 * Terraform, CloudFormation, `aws` commands, eksctl) is a rendering of. All lists are in a stable
 * order; accounts in the order of their ids.
 */
export interface IamModel {
  readonly fleet: string;
  readonly settings: IamSettings;
  readonly accounts: readonly AccountModel[];
}

export interface AccountModel {
  readonly id: AccountId;
  readonly partition: Partition;
  /** To be made, or (`existing`) to be there already. */
  readonly providers: readonly ProviderNode[];
  /** In the order in which IAM accepts their trust policies, as far as one account shows. */
  readonly roles: readonly RoleModel[];
  /** What EKS is told, a cluster at a time. */
  readonly clusters: readonly ClusterModel[];
}

/** A role's documents. Of an existing role they are statements to add, never whole documents. */
export interface RoleModel {
  readonly role: RoleNode;
  /** Position in the order over all accounts: a role is made after those that it trusts. From 0. */
  readonly order: number;
  /** Absent for an existing role that is trusted already. */
  readonly trust?: PolicyDocument;
  /** In order; together they hold every permission once. */
  readonly policies: readonly RolePolicy[];
  /** The ARN of the permissions boundary. Never set for existing roles. */
  readonly permissionsBoundary?: string;
}

/**
 * `inline` while all fit into a role's inline quota, `managed` where they were split. A managed
 * policy has its own ARN in the role's account.
 */
export interface RolePolicy {
  readonly kind: 'inline' | 'managed';
  /** `rollcall-{fleet}`, or `rollcall-{fleet}_{role}_{n}`. */
  readonly name: string;
  readonly document: PolicyDocument;
}

/** What one cluster's EKS API is told. Clusters without any are left out. */
export interface ClusterModel {
  /** The fleet's name. */
  readonly name: string;
  readonly eksCluster: string;
  readonly region: Region;
  readonly entries: readonly AccessEntry[];
  readonly associations: readonly PodIdentityAssociation[];
}
