import { kiamAgentPort, type KiamAgent } from '../agents.ts';
import type { HostCluster, IdentityMechanism } from '../mechanism.ts';
import { nodeAgentPlan } from '../node-agent.ts';
import { permittedExpression, permittedKey } from './expression.ts';

/** kiam (uswitch/kiam, README: namespace and pod annotations). */
export const kiam: IdentityMechanism<'kiam'> = {
  kind: 'kiam',
  legacy: 'kiam, which its authors have given up in favour of IAM roles for service accounts',
  takesMetadata: true,
  hostFault: ({ kiam: agent }) =>
    agent === undefined
      ? {
          found: 'no agents.kiam',
          expected: 'the role of kiam’s server: service roles trust it',
          next: 'Add agents: {kiam: {serverRole: …, nodeRole: …}} to the cluster.',
        }
      : undefined,
  namespaceAnnotations: (host, roles) => ({
    [permittedKey]: permittedExpression(
      roles.map(({ arn }) => ({ name: arn, arn })),
      agentOf(host).version,
    ),
  }),
  plan(request) {
    const { host, role } = request;
    return nodeAgentPlan(request, {
      assumedBy: [agentOf(host).serverRoleArn],
      // v3 matches the namespace's expression with this text, v4 with the ARN that it stands for. The
      // whole ARN is the same in both, whatever the role's path and the server's base ARN.
      annotatedRole: role.arn,
      port: kiamAgentPort,
    });
  },
};

function agentOf({ name, kiam: agent }: HostCluster): KiamAgent {
  if (!agent) throw new Error(`the fleet's checks let ${name} pass without kiam`);
  return agent;
}
