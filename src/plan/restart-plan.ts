import type { AccountId, Partition, Region, RoleArn } from '../names/arn.ts';

/**
 * What one scheduled restart does: the JSON that a hub's ConfigMap carries and the in-cluster job
 * reads. Everything in it is decided by the access graph; the job decides nothing about access.
 */
export interface RestartPlan {
  readonly version: 1;
  readonly fleet: string;
  readonly restart: string;
  readonly service: string;
  /** The CronJob whose Jobs run this plan: the run's instant is read from a Job's name. */
  readonly cronJob: string;
  readonly identity: PlannedIdentity;
  readonly record: RunRecordPlace;
  readonly strategy: RestartStrategy;
  readonly targets: readonly PlannedTarget[];
}

/** Who the job is, before it assumes anything. */
export interface PlannedIdentity {
  readonly kind: 'irsa';
  readonly roleArn: RoleArn;
  /** The region whose STS the job asks: the hub's. */
  readonly region: Region;
}

/** The ConfigMaps, made beforehand by the chart, in which a run is written ahead. */
export interface RunRecordPlace {
  readonly namespace: string;
  /** One or more; the workloads are spread over them in the plan's order, `perShard` in each. */
  readonly configMaps: readonly string[];
  readonly perShard: number;
}

export interface RestartStrategy {
  readonly maxConcurrentClusters: number;
  /** Rollouts under way at once in one cluster. */
  readonly maxConcurrentRollouts: number;
  /** How long one workload may take from its patch to its proof. Seconds. */
  readonly timeoutSeconds: number;
}

/** One cluster: how to get in, and what to restart there. */
export interface PlannedTarget {
  /** The fleet's name for it. */
  readonly cluster: string;
  /** The name that EKS knows it by: it is signed into the token. */
  readonly eksCluster: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: Partition;
  readonly roleArn: RoleArn;
  readonly externalId?: string;
  /** Given in the fleet file, so that `eks:DescribeCluster` is not needed. */
  readonly connection?: PlannedConnection;
  readonly workloads: readonly PlannedWorkloads[];
}

export interface PlannedConnection {
  /** `https://…` */
  readonly endpoint: string;
  /** PEM certificates, base64-encoded, as DescribeCluster returns them. */
  readonly certificateAuthority: string;
}

/** Workloads of one kind in one namespace, by name. */
export interface PlannedWorkloads {
  readonly namespace: string;
  readonly kind: 'Deployment';
  readonly names: readonly string[];
}
