import type { WorldCluster } from '../load/cluster.ts';
import { credentialsAnswer, nodeSession, text } from './node-credentials.ts';
import type { MetadataAgent, NodeWorld } from './node-credentials.ts';

/** The node's own metadata service: what a pod meets where no agent stands before it. */
export function instanceMetadata(
  world: NodeWorld,
  { nodes }: Pick<WorldCluster, 'nodes'>,
): MetadataAgent {
  const { nodeRole } = nodes;
  const name = nodeRole?.slice(nodeRole.lastIndexOf('/') + 1);
  const nothing = text(404, '<html><body><h1>404 - Not Found</h1></body></html>\n');
  return {
    list: () => (name === undefined ? nothing : text(200, name)),
    credentials(role) {
      const session = role === name ? nodeSession(world, nodeRole) : undefined;
      return session ? credentialsAnswer(session, world.clock.now()) : nothing;
    },
  };
}
