import type { Infrastructure } from './delivery-model.ts';
import type { KiamAgent, Kube2iamAgent } from '../identities/agents.ts';
import type { PodIdentity } from '../identities/pod-identity.ts';
import type { AccountId, Partition, Region } from '../names/arn.ts';
import type { FleetPath } from './diagnostic.ts';

export interface Account {
  readonly name: string;
  readonly id: AccountId;
  /** By its clusters' regions; `aws` where it has none. */
  readonly partition: Partition;
}

export interface Cluster {
  readonly name: string;
  /** The name that EKS knows it by. Default: `name`. */
  readonly eksCluster: string;
  readonly account: Account;
  readonly region: Region;
  readonly partition: Partition;
  readonly labels: Readonly<Record<string, string>>;
  /** Required of a cluster that hosts a service by IRSA. `https://…`, no trailing slash. */
  readonly oidcIssuer?: string;
  /** Accounts that have an OIDC provider for the issuer already, by id. Default: none. */
  readonly existingOidcProviders: readonly AccountId[];
  /** What its services have where they say nothing else. Default: IRSA with two hops. */
  readonly podIdentity: PodIdentity;
  /** What their running pods still have, from before. Absent: nothing else. */
  readonly migratingFrom?: LeftIdentity;
  /** How principals of IAM become users of the cluster. Default: `aws-auth`. */
  readonly accessControl: 'aws-auth' | 'access-entries';
  /** Present where it stands in the file. */
  readonly kiam?: KiamAgent;
  readonly kube2iam?: Kube2iamAgent;
  readonly infrastructure: Infrastructure;
  /** Endpoint and CA, where the job shall not ask `eks:DescribeCluster`. */
  readonly connection?: ClusterConnection;
  /** Its restarts are reported and not done, and nothing waits for it. Default: false. */
  readonly paused: boolean;
}

/** A way to an identity that running pods have and new ones no longer get. Roles trust both. */
export interface LeftIdentity {
  readonly identity: PodIdentity;
  /** Where the file says it. */
  readonly path: FleetPath;
}

export interface ClusterConnection {
  readonly endpoint: string;
  /** PEM, base64-encoded, as DescribeCluster returns it. */
  readonly certificateAuthority: string;
}
