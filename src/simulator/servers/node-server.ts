import { askMetadata } from '../identity/metadata-service.ts';
import { askPodIdentity } from '../identity/pod-identity-agent.ts';
import type { NodeAnswer } from '../identity/node-credentials.ts';
import type { World } from '../load/world.ts';
import { send, type Handler } from './loopback.ts';

/**
 * What pods meet at the link-local addresses of their node, in clear text as there. One server stands
 * for all nodes, so that its paths begin with whose they are: `/CLUSTER/pod-identity` with what follows
 * at 169.254.170.23, and `/CLUSTER/pods/NAMESPACE/POD` with what follows at 169.254.169.254.
 */
export function nodeHandler(world: World): Handler {
  return (incoming, response) => {
    const { method = 'GET', url = '/', headers } = incoming;
    const { status, type, body } = answer(world, method, url.split('?')[0] ?? '/', headers);
    send(response, status, type, body);
    return Promise.resolve();
  };
}

function answer(
  world: World,
  method: string,
  path: string,
  headers: { readonly authorization?: string | undefined },
): NodeAnswer {
  const [, name = '', rest = ''] = /^\/([^/]+)(\/.*)$/s.exec(path) ?? [];
  const cluster = world.clusters.get(name);
  if (cluster && rest === '/pod-identity/v1/credentials' && method === 'GET') {
    return askPodIdentity(world, cluster, headers.authorization);
  }
  const [, key = '', asked = ''] = /^\/pods\/([^/]+\/[^/]+)(\/.*)$/s.exec(rest) ?? [];
  const pod = cluster?.pods.get(key);
  if (cluster && pod) return askMetadata(world, cluster, pod, { method, path: asked });
  return { status: 404, type: 'text/plain', body: 'no such place\n' };
}
