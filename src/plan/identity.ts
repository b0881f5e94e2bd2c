import type { Region, RoleArn } from '../names/arn.ts';

/** Who the job is, before it assumes a target's role. */
export type PlannedIdentity =
  ChainedWebIdentity | DirectWebIdentity | ContainerIdentity | NodeAgentIdentity;

interface Common {
  /** The region whose STS the job asks: the hub's. */
  readonly region: Region;
}

interface Chained extends Common {
  /** The service's own role: the pod becomes it, and from it each target's role. */
  readonly roleArn: RoleArn;
  /** Set on each hop into a target's role, and carried into CloudTrail. Absent: none. */
  readonly sourceIdentity?: string;
}

/** AssumeRoleWithWebIdentity into the service's own role, and from it AssumeRole. */
export interface ChainedWebIdentity extends Chained {
  readonly kind: 'irsa';
}

/** AssumeRoleWithWebIdentity into each target's role: every target account knows the hub's issuer. */
export interface DirectWebIdentity extends Common {
  readonly kind: 'irsa-direct';
  /** 900–43200. */
  readonly sessionSeconds: number;
}

/** The EKS Pod Identity agent gives the credentials. */
export interface ContainerIdentity extends Chained {
  readonly kind: 'eks-pod-identity';
  /**
   * The association has a target role: what the agent gives are credentials of that role already,
   * and every target of the plan has it. `roleArn` is only what the agent passes through.
   */
  readonly targetRole: boolean;
}

/** kiam or kube2iam answers in place of the node's metadata service, with credentials of `roleArn`. */
export interface NodeAgentIdentity extends Chained {
  readonly kind: 'kiam' | 'kube2iam';
}
