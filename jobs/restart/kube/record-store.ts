import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { V1ConfigMap } from '@kubernetes/client-node';
import { LinkError } from '../link-error.ts';
import type { Clock, RecordShard, RecordStore } from '../ports.ts';
import { safeText } from '../redact.ts';
import { retry } from '../retry.ts';
import { kubeAnswer } from './classify.ts';
import { createKubeClient, type KubeClient } from './client.ts';
import { fieldManager, mergePatch } from './deployments.ts';

/** What kubelet puts into every container that has a ServiceAccount token. */
export interface InClusterOptions {
  readonly namespace: string;
  /** `KUBERNETES_SERVICE_HOST` and `KUBERNETES_SERVICE_PORT`. */
  readonly host: string | undefined;
  readonly port: string | undefined;
  /** Default: `/var/run/secrets/kubernetes.io/serviceaccount`. It holds `token` and `ca.crt`. */
  readonly serviceAccountDir?: string;
  readonly version: string;
  readonly clock: Clock;
  /** In [0, 1), for the jitter of retries. Default: `Math.random`. */
  readonly random?: () => number;
}

/**
 * The run record in the cluster that the job runs in, as its ServiceAccount. Every failure is a
 * `LinkError` with link `record`.
 */
export async function createInClusterRecordStore(
  options: InClusterOptions,
): Promise<RecordStore & { close(): Promise<void> }> {
  const { namespace, host, port, version, clock, random } = options;
  const dir = options.serviceAccountDir ?? '/var/run/secrets/kubernetes.io/serviceaccount';
  if (!host || !port) {
    throw new LinkError(
      'record',
      'KUBERNETES_SERVICE_HOST or KUBERNETES_SERVICE_PORT is not set: this is no pod. Next: give a folder for the run record instead.',
    );
  }
  const client = createKubeClient({
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
  const store = createRecordStore(client, namespace);
  return {
    read: (configMap, signal) =>
      retry(() => store.read(configMap, signal), { clock, signal, ...(random && { random }) }),
    write: (...parameters) => store.write(...parameters),
    close: () => client.close(),
  };
}

/**
 * The record's ConfigMaps over a client. A write touches `data` alone, by merge-patch: labels and
 * annotations on a ConfigMap belong to whoever made it.
 */
export function createRecordStore(client: KubeClient, namespace: string): RecordStore {
  /** What a shard held when it was last seen: a merge-patch must name the keys that shall go. */
  const seen = new Map<string, RecordShard>();

  const remember = (configMap: string, object: V1ConfigMap): RecordShard => {
    const shard = toShard(object);
    seen.set(configMap, shard);
    return shard;
  };

  const read = (configMap: string, signal: AbortSignal): Promise<RecordShard> =>
    asRecord(signal, () =>
      client.call(`read ConfigMap ${namespace}/${configMap}`, signal, async (perCall) =>
        remember(
          configMap,
          await client.core.readNamespacedConfigMap({ namespace, name: configMap }, perCall),
        ),
      ),
    );

  return {
    read,
    async write(configMap, data, resourceVersion, signal) {
      const known = seen.get(configMap);
      const current =
        known?.resourceVersion === resourceVersion ? known : await read(configMap, signal);
      if (current.resourceVersion !== resourceVersion) return 'conflict';
      const gone = Object.keys(current.data).filter((key) => !Object.hasOwn(data, key));
      const body = {
        metadata: { resourceVersion },
        data: { ...Object.fromEntries(gone.map((key) => [key, null])), ...data },
      };
      return asRecord(signal, () =>
        client.call(
          `write ConfigMap ${namespace}/${configMap}`,
          signal,
          async (perCall) => {
            try {
              const parameters = { namespace, name: configMap, body, fieldManager };
              return remember(
                configMap,
                await client.core.patchNamespacedConfigMap(parameters, perCall),
              );
            } catch (error) {
              if (kubeAnswer(error)?.status === 409) return 'conflict' as const;
              throw error;
            }
          },
          mergePatch,
        ),
      );
    },
  };
}

/** Whatever fails on the way to the record is the link `record`. */
async function asRecord<T>(signal: AbortSignal, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (signal.aborted || !(error instanceof LinkError) || error.link === 'record') throw error;
    const { message, transient, retryAfterMs } = error;
    throw new LinkError('record', message, { transient, retryAfterMs });
  }
}

function toShard({ metadata, data }: V1ConfigMap): RecordShard {
  if (!metadata?.resourceVersion) {
    throw new LinkError('record', 'The API server sent a ConfigMap without a resourceVersion.');
  }
  return { data: data ?? {}, resourceVersion: metadata.resourceVersion };
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
