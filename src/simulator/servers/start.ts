import { domainOf } from '../../names/arn.ts';
import type { RunningPod } from '../identity/running-pod.ts';
import type { World } from '../load/world.ts';
import { makeAuthority } from './certificates.ts';
import { eksHandler } from './eks-server.ts';
import { kubeHandler } from './kube-server.ts';
import { listen, listenPlainly } from './loopback.ts';
import type { Handler, LoopbackServer } from './loopback.ts';
import { nodeHandler } from './node-server.ts';
import { stsHandler } from './sts-server.ts';

export interface AwsServers {
  /** PEM of the CA behind STS and EKS, for `NODE_EXTRA_CA_CERTS`. */
  readonly ca: string;
  /** For `AWS_ENDPOINT_URL_STS`. Its certificate is good for STS's real host names too. */
  readonly sts: string;
  /** For `AWS_ENDPOINT_URL_EKS`. */
  readonly eks: string;
  close(): Promise<void>;
}

/** Which server a request comes to. */
export type Place =
  | { readonly kind: 'sts' }
  | { readonly kind: 'eks' }
  /** By the fleet's name. */
  | { readonly kind: 'cluster'; readonly name: string };

export interface ServerOptions {
  /** Goes around every server's handler, for tests that count requests or lose answers. Default: nothing does. */
  readonly around?: (handler: Handler, place: Place) => Handler;
}

export interface Servers extends AwsServers {
  /** `https://127.0.0.1:PORT` of a cluster, by the fleet's name. Throws for one that is not there. */
  apiServer(cluster: string): string;
  /** PEM of that cluster's own CA: every cluster has another, as in EKS. */
  apiServerCa(cluster: string): string;
  /** What pods of a cluster meet in place of `http://169.254.170.23`. */
  podIdentityAgent(cluster: string): string;
  /** What a pod of a cluster meets in place of `http://169.254.169.254`, once the cluster knows it. */
  metadataService(cluster: string, pod: Pick<RunningPod, 'namespace' | 'name'>): string;
}

/** Starts one server for STS and one for EKS. */
export async function startAwsServers(
  world: World,
  { around = unchanged }: ServerOptions = {},
): Promise<AwsServers> {
  const authority = await makeAuthority('Simulated AWS');
  const sts = await listen(
    await authority.issue(stsHosts(world)),
    around(stsHandler(world), { kind: 'sts' }),
  );
  const eks = await listen(await authority.issue(), around(eksHandler(world), { kind: 'eks' }));
  const close = async (): Promise<void> => {
    await Promise.all([sts.close(), eks.close()]);
  };
  return { ca: authority.pem, sts: sts.url, eks: eks.url, close };
}

const unchanged = (handler: Handler): Handler => handler;

/** The global host and that of each cluster's region. */
const stsHosts = ({ clusters }: World): readonly string[] => [
  ...new Set([
    'sts.amazonaws.com',
    ...[...clusters.values()].map(
      ({ region, partition }) => `sts.${region}.${domainOf(partition)}`,
    ),
  ]),
];

/** Starts the servers of AWS, the agents of nodes and one a cluster, and tells EKS where they are. */
export async function startServers(world: World, options: ServerOptions = {}): Promise<Servers> {
  const { around = unchanged } = options;
  const aws = await startAwsServers(world, options);
  const nodes = await listenPlainly(nodeHandler(world));
  const clusters = new Map<string, { readonly server: LoopbackServer; readonly ca: string }>();
  for (const cluster of world.clusters.values()) {
    const authority = await makeAuthority(`kubernetes ${cluster.name}`);
    const handler = around(kubeHandler(cluster.kube), { kind: 'cluster', name: cluster.name });
    const server = await listen(await authority.issue(), handler);
    cluster.endpoint = server.url;
    cluster.certificateAuthority = Buffer.from(authority.pem).toString('base64');
    clusters.set(cluster.name, { server, ca: authority.pem });
  }
  const find = (name: string) => {
    const found = clusters.get(name);
    if (!found) throw new Error(`no cluster ${name}; there are ${[...clusters.keys()].join(', ')}`);
    return found;
  };
  return {
    ...aws,
    apiServer: (name) => find(name).server.url,
    apiServerCa: (name) => find(name).ca,
    podIdentityAgent: (name) => `${nodes.url}/${name}/pod-identity`,
    metadataService: (name, pod) => `${nodes.url}/${name}/pods/${pod.namespace}/${pod.name}`,
    close: async () => {
      const servers = [...clusters.values()].map(({ server }) => server);
      await Promise.all([aws, nodes, ...servers].map((server) => server.close()));
    },
  };
}
