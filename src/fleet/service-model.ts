import type { PodIdentity } from '../identities/pod-identity.ts';
import type { Partition, RoleName } from '../names/arn.ts';
import type { FleetPath } from './diagnostic.ts';
import type { Account, Cluster, LeftIdentity } from './cluster-model.ts';

/** Something that needs AWS: pods of a hub cluster, or a principal outside of Kubernetes. */
export type Service = PodService | OutsideService;

interface ServiceCommon {
  /** Unique in the fleet: `name`, or `{name}-{env}` where the service has several environments. */
  readonly id: string;
  readonly name: string;
  readonly env: string;
  /** Where it stands in the file; of several environments all stand at one place. */
  readonly path: FleetPath;
  /** Where its own role is. */
  readonly account: Account;
  readonly partition: Partition;
  /** Its own role. Default: `naming.role`, `eks-{service}-{env}`. */
  readonly role: RoleName;
  /** True: its own role is someone else's, and gets statements to add. Default: false. */
  readonly existingRole: boolean;
  /** The path of a role of someone else's: `/`, or `/service-role/`. Default: `/`. */
  readonly rolePath: string;
  /** What its own role may do besides. Default: none. */
  readonly policies: readonly ServicePolicy[];
  readonly reach: readonly Reach[];
}

/** A workload of a hub cluster. */
export interface PodService extends ServiceCommon {
  readonly kind: 'pod';
  /** The hub: the cluster that it runs in. */
  readonly cluster: Cluster;
  readonly namespace: string;
  /** True: the namespace is someone else's, and none is generated. Default: false. */
  readonly existingNamespace: boolean;
  /** Default: `name`. */
  readonly serviceAccount: string;
  /** True: the ServiceAccount is someone else's, and none is generated. Default: false. */
  readonly existingServiceAccount: boolean;
  /** Default: the cluster's. */
  readonly podIdentity: PodIdentity;
  /** What its running pods still have. Default: the cluster's, where `podIdentity` is the cluster's too. */
  readonly migratingFrom?: LeftIdentity | undefined;
  /** A bucket that its role may list: a pod that tries it is written beside. Absent: none. */
  readonly s3Check?: string;
  /** A ConfigMap with an AWS profile for each role. Default: false. */
  readonly awsConfig: boolean;
  /** A ConfigMap with a kubeconfig, a context for each cluster reached. Default: false. */
  readonly kubeconfig: boolean;
}

/** A principal that is no pod, such as a Lambda's role: always someone else's. */
export interface OutsideService extends ServiceCommon {
  readonly kind: 'outside';
}

/** A role in other accounts, and the clusters there that it opens. */
export interface Reach {
  readonly path: FleetPath;
  /** At least one. */
  readonly clusters: readonly Cluster[];
  /** Default: `naming.role`. Required when `existing`. */
  readonly role: RoleName;
  /** The role that the fleet file names, where more services reach it than it can trust. */
  readonly splitFrom?: RoleName;
  /** True: the role is someone else's, and gets statements to add. Default: false. */
  readonly existing: boolean;
  /** The path of a role of someone else's. Default: `/`. */
  readonly rolePath: string;
  readonly externalId?: string;
  /** Default: `rollcall:{fleet}:{service}-{env}`. */
  readonly kubernetesUser: string;
  /** What the role may do in its account besides. Default: none. */
  readonly policies: readonly ServicePolicy[];
}

/**
 * A statement that the fleet file asks for. Resources and values may hold `{account}`, `{partition}`,
 * `{region}`, `{cluster}`, `{service}` and `{env}`: of the role's account and the hub's (or target's) region.
 */
export interface ServicePolicy {
  readonly path: FleetPath;
  /** At least one, such as `s3:GetObject`. */
  readonly actions: readonly string[];
  /** At least one. */
  readonly resources: readonly string[];
  /** Operator → key → values, as IAM has them. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Why a wildcard stands in it: then it is no finding. */
  readonly reason?: string;
}
