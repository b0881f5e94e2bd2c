import type { RunRecordPlace } from '../../../src/plan/restart-plan.ts';
import type { Clock, Hub } from '../ports.ts';
import { retry } from '../retry.ts';
import { asLink } from './as-link.ts';
import { checkCondition } from './condition.ts';
import { runGateJob } from './gate-job.ts';
import { createInClusterClient, type InClusterOptions } from './in-cluster.ts';
import { createLeaseStore } from './lease-store.ts';
import { createPrometheus } from './prometheus.ts';
import { createRecordStore } from './record-store.ts';

export interface HubOptions extends Omit<InClusterOptions, 'namespace' | 'clock'> {
  readonly place: RunRecordPlace;
  /** The restart's name: a label of the gates' Jobs. */
  readonly restart: string;
  readonly clock: Clock;
  /** In [0, 1), for the jitter of retries. Default: `Math.random`. */
  readonly random?: () => number;
}

/**
 * The cluster that the job runs in, as its ServiceAccount. Reading the record is retried here; the
 * Lease, checks and Jobs are asked for again by whoever waits for them. Throws `LinkError` with link
 * `record` where there is no such cluster.
 */
export async function createHub(options: HubOptions): Promise<Hub> {
  const { place, restart, clock, random, version } = options;
  const { namespace } = place;
  const client = await createInClusterClient({ ...options, namespace });
  const prometheus = createPrometheus(version);
  const store = createRecordStore(client, namespace);
  return {
    store: {
      read: (configMap, signal) =>
        retry(() => store.read(configMap, signal), { clock, signal, ...(random && { random }) }),
      write: (...parameters) => store.write(...parameters),
    },
    lease: createLeaseStore(client, namespace, place.lease),
    check(check, signal) {
      switch (check.kind) {
        case 'condition':
          return asLink('check', signal, () => checkCondition(client, check, signal));
        case 'prometheus':
          return prometheus.check(check, signal);
      }
    },
    gateJob: (job, signal) =>
      asLink('check', signal, () => runGateJob(client, { namespace, restart }, job, signal)),
    async close() {
      await Promise.all([client.close(), prometheus.close()]);
    },
  };
}
