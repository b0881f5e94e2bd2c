import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import type { KubeEndpoint } from '../../../support/kube-client.ts';

/** Writes a kubeconfig of one context; the file holds a credential. Gives the path back. */
export function writeKubeconfig(path: string, { url, ca, token }: KubeEndpoint): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'e2e',
    clusters: [
      {
        name: 'e2e',
        cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') },
      },
    ],
    users: [{ name: 'e2e', user: { token } }],
    contexts: [{ name: 'e2e', context: { cluster: 'e2e', user: 'e2e' } }],
  };
  writeFileSync(path, stringify(config), { mode: 0o600 });
  return path;
}
