import { kube2iamPort, type Kube2iamAgent } from '../agents.ts';
import type { HostCluster, IdentityMechanism } from '../mechanism.ts';
import { nodeAgentPlan } from '../node-agent.ts';
import { allowedRoles, allowedRolesKey } from './allowed-roles.ts';

/** kube2iam (jtblin/kube2iam, README: annotations, namespace restrictions). */
export const kube2iam: IdentityMechanism<'kube2iam'> = {
  kind: 'kube2iam',
  legacy: 'kube2iam, by which every node may become every service',
  takesMetadata: true,
  hostFault: ({ kube2iam: agent }) =>
    agent === undefined
      ? {
          found: 'no agents.kube2iam',
          expected: 'the roles of the nodes: service roles trust them',
          next: 'Add agents: {kube2iam: {nodeRoles: […]}} to the cluster.',
        }
      : undefined,
  namespaceAnnotations(host, roles) {
    const allowed = allowedRoles(
      roles.map(({ arn }) => arn),
      agentOf(host).format,
    );
    // No path of the fleet file holds a wildcard.
    if (allowed.kind === 'inexpressible') throw new Error(`${allowed.arn}: ${allowed.reason}`);
    return { [allowedRolesKey]: allowed.value };
  },
  plan(request) {
    const { host, role } = request;
    return nodeAgentPlan(request, {
      assumedBy: agentOf(host).nodeRoleArns,
      annotatedRole: role.arn,
      port: kube2iamPort,
    });
  },
};

function agentOf({ name, kube2iam: agent }: HostCluster): Kube2iamAgent {
  if (!agent) throw new Error(`the fleet's checks let ${name} pass without kube2iam`);
  return agent;
}
