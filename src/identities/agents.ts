import type { RoleArn } from '../names/arn.ts';

/** kiam in a cluster (uswitch/kiam). */
export interface KiamAgent {
  /** True: somebody runs it; nothing is generated for it. Default: false. */
  readonly existing: boolean;
  /** v4 matches a namespace's expression with the whole ARN, v3 with the name as annotated. Default: v4. */
  readonly version: 'v3' | 'v4';
  /** Default: `kiam`. */
  readonly namespace: string;
  /** True: the namespace is someone else's, and none is generated. Default: false. */
  readonly existingNamespace: boolean;
  /** The server's role: service roles trust it. */
  readonly serverRoleArn: RoleArn;
  /** The server's role is someone else's, and gets statements to add. Default: false. */
  readonly existingServerRole: boolean;
  /** The role of the nodes that the server runs on: the server's role trusts it. */
  readonly nodeRoleArn: RoleArn;
  /** Labels of the nodes that the server runs on, and agents don't. Default: `kiam-server: "true"`. */
  readonly serverNodes: Readonly<Record<string, string>>;
  /** Default: `issuer`: an Issuer in kiam's own namespace. */
  readonly issuer: 'issuer' | 'cluster-issuer';
  /** The pods' host interfaces. Default: `eni+`, the Amazon VPC CNI's. */
  readonly hostInterface: string;
  /** Seconds, at least 900. Default: 900. */
  readonly sessionSeconds: number;
}

/** kube2iam in a cluster (jtblin/kube2iam). */
export interface Kube2iamAgent {
  /** True: somebody runs it; nothing is generated for it. Default: false. */
  readonly existing: boolean;
  /** Default: `kube-system`. */
  readonly namespace: string;
  /** True: the namespace is someone else's, and none is generated. Default: false. */
  readonly existingNamespace: boolean;
  /** The nodes' roles, at least one: service roles trust them. */
  readonly nodeRoleArns: readonly RoleArn[];
  /** The pods' host interfaces. Default: `eni+`, the Amazon VPC CNI's. */
  readonly hostInterface: string;
  /** How it reads a namespace's list. Default: glob. */
  readonly format: 'glob' | 'regexp';
  /** Seconds, 900–1800: a longer one breaks a chained hour. Default: 900. */
  readonly sessionSeconds: number;
}

/** Where kiam's agent listens on its node (its flag `--port`). */
export const kiamAgentPort = 8181;
/** Where kube2iam listens on its node (its flag `--app-port`). */
export const kube2iamPort = 8181;
