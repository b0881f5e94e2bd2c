import type { AccountId, Partition, Region, RoleArn } from '../names/arn.ts';
import type { PlannedIdentity } from './identity.ts';
import type { RestartStrategy } from './strategy.ts';

export type * from './identity.ts';
export type * from './strategy.ts';

/**
 * What one scheduled restart does: the JSON that a hub's ConfigMap carries and the in-cluster job
 * reads. Everything in it is decided by the access graph; the job decides nothing about access.
 */
export interface RestartPlan {
  readonly version: 2;
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

/** What the chart makes beforehand in the hub, so that the job's Role can name it. */
export interface RunRecordPlace {
  readonly namespace: string;
  /** One or more, in which a run is written ahead; each target names one by its index. */
  readonly configMaps: readonly string[];
  /** The Lease that keeps doubled pods from wasting work. */
  readonly lease: string;
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
  /** Index into `strategy.waves`. */
  readonly wave: number;
  /** Index into `record.configMaps`. */
  readonly shard: number;
  /** Left alone for now: its workloads are reported, and nothing waits for them. */
  readonly paused?: true;
  readonly workloads: readonly PlannedWorkloads[];
}

export interface PlannedConnection {
  /** `https://…` */
  readonly endpoint: string;
  /** PEM certificates, base64-encoded, as DescribeCluster returns them. */
  readonly certificateAuthority: string;
}

export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Rollout';

/** Workloads of one kind in one namespace, by name or by label. */
export interface PlannedWorkloads {
  readonly namespace: string;
  readonly kind: WorkloadKind;
  /** Empty where a selector is given. */
  readonly names: readonly string[];
  /** Labels that must all match: which workloads there are is seen in the cluster. */
  readonly selector?: Readonly<Record<string, string>>;
  /** Begun only when all of these are proved in this cluster. Indexes into `target.workloads`. */
  readonly after?: readonly number[];
}
