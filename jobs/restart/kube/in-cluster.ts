import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LinkError } from '../link-error.ts';
import type { Clock } from '../ports.ts';
import { safeText } from '../redact.ts';
import { createKubeClient, type KubeClient } from './client.ts';

/** What kubelet puts into every container that has a ServiceAccount token. */
export interface InClusterOptions {
  readonly namespace: string;
  /** `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT`. */
  readonly host: string | undefined;
  readonly port: string | undefined;
  /** Default: `/var/run/secrets/kubernetes.io/serviceaccount`. It holds `token` and `ca.crt`. */
  readonly serviceAccountDir?: string;
  readonly version: string;
  readonly clock: Pick<Clock, 'now'>;
}

/** A client of the cluster that the job runs in, as its ServiceAccount. Throws `LinkError` with link `record`. */
export async function createInClusterClient(options: InClusterOptions): Promise<KubeClient> {
  const { namespace, host, port, version, clock } = options;
  const dir = options.serviceAccountDir ?? '/var/run/secrets/kubernetes.io/serviceaccount';
  if (!host || !port) {
    throw new LinkError(
      'record',
      'KUBERNETES_SERVICE_HOST or KUBERNETES_SERVICE_PORT is not set: this is no pod. Next: give a folder for the run record instead.',
    );
  }
  return createKubeClient({
    url: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    certificateAuthority: await readServiceAccountFile(dir, 'ca.crt'),
    // Read each time: kubelet exchanges it within the hour.
    token: () => readServiceAccountFile(dir, 'token'),
    userAgent: `rollcall/${version}`,
    caller: `the job's ServiceAccount in ${namespace}`,
    compareOn401:
      "the pod's projected token, its audience and its age, with what that API server accepts",
    now: () => clock.now(),
  });
}

async function readServiceAccountFile(dir: string, name: string): Promise<string> {
  try {
    return (await readFile(join(dir, name), 'utf8')).trim();
  } catch (error) {
    throw new LinkError(
      'record',
      `The ServiceAccount's ${name} can't be read: ${safeText(String(error))}. ` +
        'Compare: automountServiceAccountToken of the pod.',
    );
  }
}
