/** A cluster in which workloads are restarted, and the way into it. */
export interface RestartTarget {
  /** What reports and waves call the cluster: 1–63 of a–z, 0–9 and `-`. */
  readonly name: string;
  /**
   * The name that EKS knows it by: it is signed into the token.
   *
   * @default its name
   */
  readonly eksCluster?: string;
  /** The AWS region that it is in. */
  readonly region: string;
  /** The ARN of the role in its account that is mapped to a user of the cluster. */
  readonly roleArn: string;
  /**
   * The external id that the role’s trust policy asks for.
   *
   * @default none
   */
  readonly externalId?: string;
  /**
   * Labels by which waves select clusters.
   *
   * @default none
   */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Where its API server is. Given, the job does not ask `eks:DescribeCluster`.
   *
   * @default asked when it is needed
   */
  readonly connection?: TargetConnection;
  /**
   * Whether it is left alone for now: its workloads are reported, and nothing waits for them.
   *
   * @default false
   */
  readonly paused?: boolean;
}

/** Where a cluster’s API server is. */
export interface TargetConnection {
  /** `https://HOST[:PORT]`. */
  readonly endpoint: string;
  /** PEM certificates, base64-encoded, as DescribeCluster returns them. */
  readonly certificateAuthority: string;
}

/** Workloads of one kind, by name or by label: the same in each target. */
export interface RestartWorkloads {
  /**
   * The group’s name, for `after`.
   *
   * @default none
   */
  readonly name?: string;
  /**
   * The namespace of the workloads. Either this or `namespaces` is given.
   *
   * @default none
   */
  readonly namespace?: string;
  /**
   * Several: the same workloads in each.
   *
   * @default none
   */
  readonly namespaces?: readonly string[];
  /**
   * Their kind. `Rollout` is Argo’s.
   *
   * @default 'Deployment'
   */
  readonly kind?: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'Rollout';
  /**
   * Their names: the only selection that least privilege can name. Either this or `selector` is given.
   *
   * @default none
   */
  readonly names?: readonly string[];
  /**
   * Labels that must all match. The right is then to patch every workload of the kind in the namespace.
   *
   * @default none
   */
  readonly selector?: Readonly<Record<string, string>>;
  /**
   * Names of groups that are proved in a cluster before these begin.
   *
   * @default none
   */
  readonly after?: readonly string[];
}
