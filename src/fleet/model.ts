import type { AccountId, Partition, Region, RoleName } from '../names/arn.ts';
import type { Strategy } from './strategy-model.ts';

/**
 * A fleet file with every default filled in, every name resolved and every selector expanded.
 * Array elements stand in the file's order, so `services[2].reach[0]` here is what stands at
 * that path there: a later stage names a path, and the loader knows its line and column.
 */
export interface Fleet {
  readonly name: string;
  readonly accounts: readonly Account[];
  readonly clusters: readonly Cluster[];
  readonly services: readonly Service[];
  readonly restarts: readonly Restart[];
}

export interface Account {
  readonly name: string;
  readonly id: AccountId;
}

export interface Cluster {
  readonly name: string;
  /** The name that EKS knows it by. Default: `name`. */
  readonly eksCluster: string;
  readonly account: Account;
  readonly region: Region;
  readonly partition: Partition;
  readonly labels: Readonly<Record<string, string>>;
  /** Required of a cluster that hosts a service. `https://…`, no trailing slash. */
  readonly oidcIssuer?: string;
  readonly podIdentity: 'irsa';
  readonly accessControl: 'aws-auth';
  /** Endpoint and CA, where the job shall not ask `eks:DescribeCluster`. */
  readonly connection?: ClusterConnection;
  /** Its restarts are reported and not done, and nothing waits for it. Default: false. */
  readonly paused: boolean;
}

/** A cluster that hosts services: IRSA needs its issuer. */
export interface HubCluster extends Cluster {
  readonly oidcIssuer: string;
}

export interface ClusterConnection {
  readonly endpoint: string;
  /** PEM, base64-encoded, as DescribeCluster returns it. */
  readonly certificateAuthority: string;
}

/** A workload of a hub cluster that needs AWS. */
export interface Service {
  readonly name: string;
  readonly env: string;
  /** The hub: the cluster that it runs in. */
  readonly cluster: HubCluster;
  readonly namespace: string;
  /** True: the namespace is someone else's, and none is generated. Default: false. */
  readonly existingNamespace: boolean;
  /** Default: `name`. */
  readonly serviceAccount: string;
  /** Its own role in the hub's account. Default: `naming.role`, `eks-{service}-{env}`. */
  readonly role: RoleName;
  readonly reach: readonly Reach[];
}

/** A role in other accounts, and the clusters there that it opens. */
export interface Reach {
  /** At least one. */
  readonly clusters: readonly Cluster[];
  /** Default: `naming.role`. Required when `existing`. */
  readonly role: RoleName;
  /** True: the role is someone else's, and gets statements to add. Default: false. */
  readonly existing: boolean;
  readonly externalId?: string;
  /** Default: `rollcall:{service}-{env}`. */
  readonly kubernetesUser: string;
}

export interface Restart {
  readonly name: string;
  readonly service: Service;
  /** The job's container image: the fleet's top-level `image`, required where there are restarts. */
  readonly image: string;
  /** Five cron fields. */
  readonly schedule: string;
  /** IANA name. Default: `Etc/UTC`. */
  readonly timeZone: string;
  /** Default: false. */
  readonly suspend: boolean;
  /** Each is reached by the service. At least one. */
  readonly clusters: readonly Cluster[];
  readonly workloads: readonly Workloads[];
  readonly strategy: Strategy;
}

export const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'Rollout'] as const;
export type WorkloadKind = (typeof workloadKinds)[number];

/** Workloads of one kind, by name (all that least privilege can name) or by labels. */
export interface Workloads {
  /** At least one, without repetition: the same workloads in each. */
  readonly namespaces: readonly string[];
  /** Default: `Deployment`. */
  readonly kind: WorkloadKind;
  /** Without repetition; empty where a selector stands. */
  readonly names: readonly string[];
  /** Labels that must all match; at least one. */
  readonly selector?: Readonly<Record<string, string>>;
  /** The groups that come before: indexes into the restart's `workloads`, in no circle. */
  readonly after: readonly number[];
}
