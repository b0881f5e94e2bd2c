import type { RoleArn } from '../names/arn.ts';
import type { IdentityPlan, IdentityRequest } from './mechanism.ts';
import type { Kiam, Kube2iam } from './pod-identity.ts';

/** What differs between the agents that take the place of a node's metadata service. */
export interface NodeAgent {
  /** Whose role assumes the service's own for the pod. */
  readonly assumedBy: readonly RoleArn[];
  /** What the pod's annotation calls its role. */
  readonly annotatedRole: string;
  readonly port: number;
}

/** The pod's annotation says which role it wants, and the agent asks for it with a role of its own. */
export function nodeAgentPlan(
  { identity, role, host, sourceIdentity }: IdentityRequest<Kiam | Kube2iam>,
  { assumedBy, annotatedRole, port }: NodeAgent,
): IdentityPlan {
  const source = sourceIdentity === undefined ? {} : { sourceIdentity };
  return {
    trusts: assumedBy.map((roleArn) => ({ kind: 'role', roleArn })),
    assumedBy,
    targetTrust: ({ externalId }) => ({
      kind: 'role',
      roleArn: role.arn,
      ...(externalId === undefined ? {} : { externalId }),
      ...source,
    }),
    chained: true,
    targetSessionSeconds: 3600,
    wiring: {
      serviceAccountAnnotations: {},
      podAnnotations: { 'iam.amazonaws.com/role': annotatedRole },
      env: {},
      egress: [{ kind: 'metadata', agentPort: port }],
    },
    job: { kind: identity.kind, roleArn: role.arn, region: host.region, ...source },
  };
}
