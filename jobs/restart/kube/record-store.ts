import { LinkError } from '../link-error.ts';
import type { RecordShard, RecordStore } from '../ports.ts';
import { asLink } from './as-link.ts';
import type { KubeClient } from './client.ts';
import { fieldManager, mergePatch, namespacedPath } from './request.ts';

/**
 * The record's ConfigMaps over a client. A write touches `data` alone, by merge-patch: labels belong
 * to whoever made the ConfigMap, and annotations are an operator's word. Every failure is a
 * `LinkError` with link `record`.
 */
export function createRecordStore(client: KubeClient, namespace: string): RecordStore {
  /** What a shard held when it was last seen: a merge-patch must name the keys that shall go. */
  const seen = new Map<string, RecordShard>();
  const pathOf = (configMap: string): string =>
    namespacedPath('/api/v1', namespace, 'configmaps', configMap);

  const remember = (configMap: string, object: unknown): RecordShard => {
    const shard = toShard(object);
    seen.set(configMap, shard);
    return shard;
  };

  const read = (configMap: string, signal: AbortSignal): Promise<RecordShard> =>
    asLink('record', signal, () =>
      client.request(
        {
          doing: `read ConfigMap ${namespace}/${configMap}`,
          method: 'GET',
          path: pathOf(configMap),
        },
        signal,
        ({ body }) => remember(configMap, body),
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
      return asLink('record', signal, () =>
        client.request(
          {
            doing: `write ConfigMap ${namespace}/${configMap}`,
            method: 'PATCH',
            path: pathOf(configMap),
            query: { fieldManager },
            body,
            contentType: mergePatch,
            answers: [409],
          },
          signal,
          (reply) => (reply.status === 409 ? 'conflict' : remember(configMap, reply.body)),
        ),
      );
    },
  };
}

function toShard(object: unknown): RecordShard {
  const { metadata, data } = (object ?? {}) as {
    readonly metadata?: {
      readonly resourceVersion?: string;
      readonly annotations?: Readonly<Record<string, string>>;
    };
    readonly data?: Readonly<Record<string, string>>;
  };
  if (!metadata?.resourceVersion) {
    throw new LinkError('record', 'The API server sent a ConfigMap without a resourceVersion.');
  }
  return {
    data: data ?? {},
    annotations: metadata.annotations ?? {},
    resourceVersion: metadata.resourceVersion,
  };
}
