import { stringify } from 'yaml';

/** A cluster that kubectl is to reach. */
export interface KubeconfigCluster {
  /** Of the cluster, and of the context that leads to it. */
  readonly name: string;
  /** `https://…` */
  readonly server: string;
  /** PEM of the CA that the server's certificate is from. */
  readonly ca: string;
}

/** A kubeconfig with a context for each cluster, the first being the current one, and one user for all. */
export function kubeconfig(clusters: readonly KubeconfigCluster[], token: string): string {
  const user = 'admin';
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: clusters.map(({ name, server, ca }) => ({
      name,
      cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') },
    })),
    users: [{ name: user, user: { token } }],
    contexts: clusters.map(({ name }) => ({ name, context: { cluster: name, user } })),
    'current-context': clusters[0]?.name ?? '',
  });
}
