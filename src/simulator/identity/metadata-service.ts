import type { WorldCluster } from '../load/cluster.ts';
import { kiamOf, kube2iamOf } from './agents-of-cluster.ts';
import { instanceMetadata } from './instance-metadata.ts';
import { kiam } from './kiam.ts';
import { kube2iam } from './kube2iam.ts';
import { text } from './node-credentials.ts';
import type { MetadataAgent, NodeAnswer, NodeWorld } from './node-credentials.ts';
import type { RunningPod } from './running-pod.ts';

/** Who answers a pod at 169.254.169.254: an agent of the cluster, else the node's own service. */
function agentFor(world: NodeWorld, cluster: WorldCluster, pod: RunningPod): MetadataAgent {
  const ofKiam = kiamOf(cluster);
  if (ofKiam) return kiam(world, cluster, pod, ofKiam);
  const ofKube2iam = kube2iamOf(cluster);
  if (ofKube2iam) return kube2iam(world, cluster, pod, ofKube2iam);
  return instanceMetadata(world, cluster);
}

const credentials = /^\/[^/]+\/meta-data\/iam\/security-credentials(?:\/(.*))?$/s;

/** One request of a pod to the address of its node's metadata service. */
export function askMetadata(
  world: NodeWorld,
  cluster: WorldCluster,
  pod: RunningPod,
  { method, path }: { readonly method: string; readonly path: string },
): NodeAnswer {
  // The agents pass this on to the node's service, and take no notice of the token afterwards.
  if (method === 'PUT' && path === '/latest/api/token') return text(200, 'token-of-the-node');
  const match = method === 'GET' ? credentials.exec(path) : null;
  if (!match) return text(404, 'Not Found\n');
  const agent = agentFor(world, cluster, pod);
  const [, role = ''] = match;
  return role === '' ? agent.list() : agent.credentials(role);
}
