import type { AccountId, Partition, Region, RoleArn, RoleName } from '../names/arn.ts';
import type { PlannedIdentity } from '../plan/identity.ts';
import type { KiamAgent, Kube2iamAgent } from './agents.ts';
import type { PodIdentity, PodIdentityKind } from './pod-identity.ts';
import type { Trust } from './trust.ts';

/** A service that runs in a cluster, as far as its identity depends on it. */
export interface IdentityRequest<Identity extends PodIdentity = PodIdentity> {
  readonly identity: Identity;
  readonly role: ServiceRole;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly host: HostCluster;
  /** The roles that the service reaches, each once. */
  readonly targets: readonly RoleArn[];
  /** It has permissions of its own in the hub's account. */
  readonly hasOwnPermissions: boolean;
  readonly sourceIdentity?: string;
}

/** A service's own role. */
export interface ServiceRole {
  readonly arn: RoleArn;
  readonly name: RoleName;
}

export interface HostCluster {
  readonly name: string;
  readonly arn: string;
  readonly account: AccountId;
  readonly partition: Partition;
  readonly region: Region;
  /** `https://…` */
  readonly oidcIssuer?: string;
  readonly kiam?: KiamAgent;
  readonly kube2iam?: Kube2iamAgent;
}

/** What a mechanism asks of the roles, of the pods and of the job. */
export interface IdentityPlan {
  /**
   * Who may become the service's own role. Empty: the service needs none, since its pods become the
   * targets' roles themselves.
   */
  readonly trusts: readonly Trust[];
  /** Roles of nodes or agents that must be allowed to assume the service's own. */
  readonly assumedBy: readonly RoleArn[];
  /** Who asks for a target's role, in the account of the target. */
  readonly targetTrust: (target: {
    readonly account: AccountId;
    readonly externalId?: string;
  }) => Trust;
  /** The service's own role must be allowed to assume the targets'. */
  readonly chained: boolean;
  /** At least so long must the targets' roles let a session be. Seconds; 3600 is IAM's default. */
  readonly targetSessionSeconds: number;
  readonly wiring: PodWiring;
  readonly association?: PodIdentityAssociation;
  /** How the job gets its credentials. */
  readonly job: PlannedIdentity;
}

/** What the service's objects carry. */
export interface PodWiring {
  readonly serviceAccountAnnotations: Readonly<Record<string, string>>;
  /** On the pods themselves: of a CronJob, in its job template's pod template. */
  readonly podAnnotations: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Written out where no webhook does it. */
  readonly token?: ProjectedToken;
  /** Link-local places that the pods speak to, besides STS. */
  readonly egress: readonly LinkLocal[];
}

export interface ProjectedToken {
  readonly volume: string;
  readonly mountPath: string;
  readonly path: string;
  readonly audience: string;
  readonly expirationSeconds: number;
}

/** `pod-identity-agent`: 169.254.170.23:80. `metadata`: the metadata service's address, taken over by an agent. */
export type LinkLocal =
  | { readonly kind: 'pod-identity-agent' }
  | { readonly kind: 'metadata'; readonly agentPort: number };

/** EKS: this ServiceAccount's pods are given this role. */
export interface PodIdentityAssociation {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: RoleArn;
  /** In any account. The agent makes the hop. */
  readonly targetRoleArn?: RoleArn;
  readonly disableSessionTags: boolean;
}

/** Of a cluster only what is there, whatever it is: a fleet file may be wrong in it. */
export type HostFacts = Readonly<Partial<Record<'oidcIssuer' | 'kiam' | 'kube2iam', unknown>>>;

/** Why a cluster can't host a service by this mechanism: what it must have. */
export interface HostFault {
  readonly found: string;
  readonly expected: string;
  readonly next: string;
}

/** A way to an identity. One a folder; `mechanisms.ts` lists them. */
export interface IdentityMechanism<Kind extends PodIdentityKind = PodIdentityKind> {
  readonly kind: Kind;
  /** Says that it is no longer maintained, and what to take in its place. Absent: it is. */
  readonly legacy?: string;
  /**
   * Why no new pod of a ServiceAccount gets another mechanism while running ones still have this one.
   * Absent: new pods can.
   */
  readonly holdsOn?: string;
  /** Its agent takes the metadata service's address over in every node: no second can. Default: false. */
  readonly takesMetadata?: boolean;
  hostFault(host: HostFacts): HostFault | undefined;
  /** Annotations of a namespace, by which these roles may be used in it. */
  namespaceAnnotations(
    host: HostCluster,
    roles: readonly ServiceRole[],
  ): Readonly<Record<string, string>>;
  plan(request: IdentityRequest<Extract<PodIdentity, { kind: Kind }>>): IdentityPlan;
}
