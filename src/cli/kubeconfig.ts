import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { isFileError, UserError } from '../../charts/user-error.ts';

/** A cluster that kubectl is to reach. */
export interface KubeconfigCluster {
  /** Of the cluster, and of the context that leads to it. */
  readonly name: string;
  /** `https://…` */
  readonly server: string;
  /** PEM of the CA that the server's certificate is from. */
  readonly ca: string;
}

/** A kubeconfig with a context for each cluster, and one user for all. `current`: default: the first cluster. */
export function kubeconfig(
  clusters: readonly KubeconfigCluster[],
  token: string,
  current = clusters[0]?.name ?? '',
): string {
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
    'current-context': current,
  });
}

/**
 * Writes a file that was not there, for its owner alone to read.
 *
 * @throws UserError `cli/kubeconfig` where something has that name: it may be someone's own
 */
export function writeNewKubeconfig(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!isFileError(error)) throw error;
    const problem = {
      code: 'cli/kubeconfig',
      found: error.message,
      expected: 'no such file yet, in a folder that can be written to',
      next: 'Remove it, if no other demo uses it, or name another folder by --output-folder.',
    } as const;
    throw new UserError(problem, { cause: error });
  }
}
