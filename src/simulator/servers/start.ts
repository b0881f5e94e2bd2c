import type { World } from '../load/world.ts';
import { makeAuthority } from './certificates.ts';
import { eksHandler } from './eks-server.ts';
import { kubeHandler } from './kube-server.ts';
import { listen } from './loopback.ts';
import { stsHandler } from './sts-server.ts';

export interface Servers {
  /** PEM of the CA behind STS and EKS, for `NODE_EXTRA_CA_CERTS`. */
  readonly ca: string;
  /** For `AWS_ENDPOINT_URL_STS`. */
  readonly sts: string;
  /** For `AWS_ENDPOINT_URL_EKS`. */
  readonly eks: string;
  /** `https://127.0.0.1:PORT` of a cluster, by the fleet's name. Throws for one that is not there. */
  apiServer(cluster: string): string;
  /** PEM of that cluster's own CA: every cluster has another, as in EKS. */
  apiServerCa(cluster: string): string;
  close(): Promise<void>;
}

/** Starts one server for STS, one for EKS and one a cluster, and tells EKS where they are. */
export async function startServers(world: World): Promise<Servers> {
  const aws = await makeAuthority('Simulated AWS');
  const sts = await listen(await aws.issue(), stsHandler(world));
  const eks = await listen(await aws.issue(), eksHandler(world));
  const clusters = new Map<string, { readonly url: string; readonly ca: string }>();
  const running = [sts, eks];
  for (const cluster of world.clusters.values()) {
    const authority = await makeAuthority(`kubernetes ${cluster.name}`);
    const server = await listen(await authority.issue(), kubeHandler(cluster.kube));
    running.push(server);
    cluster.endpoint = server.url;
    cluster.certificateAuthority = Buffer.from(authority.pem).toString('base64');
    clusters.set(cluster.name, { url: server.url, ca: authority.pem });
  }
  const find = (name: string) => {
    const found = clusters.get(name);
    if (!found) throw new Error(`no cluster ${name}; there are ${[...clusters.keys()].join(', ')}`);
    return found;
  };
  return {
    ca: aws.pem,
    sts: sts.url,
    eks: eks.url,
    apiServer: (name) => find(name).url,
    apiServerCa: (name) => find(name).ca,
    close: async () => {
      await Promise.all(running.map((server) => server.close()));
    },
  };
}
