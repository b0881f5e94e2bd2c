import { LinkError } from '../link-error.ts';
import type { Lease, LeaseStore } from '../ports.ts';
import { asLink } from './as-link.ts';
import type { KubeClient } from './client.ts';
import { fieldManager, mergePatch, namespacedPath } from './request.ts';

/**
 * One `coordination.k8s.io/v1` Lease, made beforehand by the chart. Every failure is a `LinkError`
 * with link `record`; nothing is retried, for the holder keeps its own deadline.
 */
export function createLeaseStore(client: KubeClient, namespace: string, name: string): LeaseStore {
  const place = `Lease ${namespace}/${name}`;
  const path = namespacedPath('/apis/coordination.k8s.io/v1', namespace, 'leases', name);
  /** Who held it when it was last seen: another holder's first write is an acquisition. */
  let seenHolder = '';

  const remember = (object: unknown): Lease => {
    const lease = toLease(object, place);
    seenHolder = lease.holder;
    return lease;
  };

  return {
    read: (signal) =>
      asLink('record', signal, () =>
        client.request({ doing: `read ${place}`, method: 'GET', path }, signal, ({ body }) =>
          remember(body),
        ),
      ),

    write: ({ holder, durationSeconds, transitions, resourceVersion }, now, signal) =>
      asLink('record', signal, () =>
        client.request(
          {
            doing: `write ${place}`,
            method: 'PATCH',
            path,
            query: { fieldManager },
            contentType: mergePatch,
            body: {
              metadata: { resourceVersion },
              spec: {
                // An empty identity is refused (kubernetes, apis/coordination/validation).
                holderIdentity: holder === '' ? null : holder,
                leaseDurationSeconds: durationSeconds,
                leaseTransitions: transitions,
                renewTime: microTime(now),
                ...(holder !== '' && holder !== seenHolder && { acquireTime: microTime(now) }),
              },
            },
            answers: [409],
          },
          signal,
          ({ status, body }) => (status === 409 ? 'conflict' : remember(body)),
        ),
      ),
  };
}

/** Kubernetes' MicroTime: six digits after the point, or it is refused (apimachinery, meta/v1/micro_time.go). */
const microTime = (ms: number): string => new Date(ms).toISOString().replace(/Z$/, '000Z');

function toLease(object: unknown, place: string): Lease {
  const { metadata, spec } = (object ?? {}) as {
    readonly metadata?: { readonly resourceVersion?: string };
    readonly spec?: {
      readonly holderIdentity?: string | null;
      readonly leaseDurationSeconds?: number | null;
      readonly leaseTransitions?: number | null;
    } | null;
  };
  if (!metadata?.resourceVersion) {
    throw new LinkError('record', `The API server sent ${place} without a resourceVersion.`);
  }
  return {
    holder: spec?.holderIdentity ?? '',
    durationSeconds: spec?.leaseDurationSeconds ?? 0,
    transitions: spec?.leaseTransitions ?? 0,
    resourceVersion: metadata.resourceVersion,
  };
}
