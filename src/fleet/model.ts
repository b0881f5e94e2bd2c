import type { Account, Cluster } from './cluster-model.ts';
import type { Delivery } from './delivery-model.ts';
import type { IamSettings } from './iam-model.ts';
import type { PodService, Service } from './service-model.ts';
import type { Strategy } from './strategy-model.ts';
import type { User } from './user-model.ts';

export type * from './cluster-model.ts';
export * from './delivery-model.ts';
export * from './iam-model.ts';
export type * from './service-model.ts';
export * from './user-model.ts';

/**
 * A fleet file with every default filled in, every name resolved, every selector and every list of
 * environments expanded. What a later stage may find wrong carries its path in the file, and the
 * loader knows that path's line and column.
 */
export interface Fleet {
  readonly name: string;
  readonly accounts: readonly Account[];
  /** In the file's order: `clusters[2]` here is what stands there. */
  readonly clusters: readonly Cluster[];
  readonly services: readonly Service[];
  readonly users: readonly User[];
  /** In the file's order. */
  readonly restarts: readonly Restart[];
  readonly iam: IamSettings;
  readonly delivery: Delivery;
}

export interface Restart {
  readonly name: string;
  readonly service: PodService;
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
