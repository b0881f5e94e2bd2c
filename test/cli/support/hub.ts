import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { encodeShard, noProgress, type ShardContent } from '../../../jobs/restart/record/format.ts';
import { kubeconfig } from '../../../src/cli/kubeconfig.ts';
import { startSimulatedFleet, type SimulatedFleet } from '../../../src/demo/simulated-fleet.ts';
import {
  apiServerAudience,
  issueServiceAccountToken,
} from '../../../src/simulator/identity/service-account-tokens.ts';
import type { KubeCluster } from '../../../src/simulator/kube/api-server.ts';

const waves = [
  { name: 'canary', clusters: ['golf-dev'] },
  { name: 'second', clusters: ['golf-pp'], gates: [{ approval: { timeout: '4h' } }] },
  { name: 'last', gates: [{ approval: { timeout: '4h' } }] },
];

const namespace = 'sts';
export const restart = 'after-key-creation';
export const configMap = `${restart}-record-0`;

/** The ConfigMap as the API server holds it. */
export interface StoredRecord {
  readonly data?: Readonly<Record<string, string>>;
  readonly metadata: {
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly { readonly manager: string; readonly fieldsV1: unknown }[];
  };
}

/** The hub of seed 000 with three waves, on loopback TLS, and kubeconfigs for it. */
export interface TestHub {
  readonly folder: string;
  readonly fleetFile: string;
  /** Contexts: `ci`, the hub, as its admin; `golf-prd`; `stranger`, whom nobody knows; `job`; `target`. */
  readonly kubeconfig: string;
  readonly kube: KubeCluster;
  readonly fleet: SimulatedFleet;
  record(): StoredRecord;
  /** As the job writes its record; what is left out is as before a first run. */
  write(content: Partial<ShardContent>): Promise<void>;
  /** Any merge-patch of the record, as the hub's admin. */
  patch(body: unknown): Promise<void>;
  /** As a pod holds the Lease, renewed at that moment; `null`: nobody does. */
  hold(holder: string | null, renewedAt: number): Promise<void>;
  close(): Promise<void>;
}

/** @param withJob bundles the job, which takes some seconds; default: there is none */
export async function startHub(withJob = false): Promise<TestHub> {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-hub-'));
  const fleetFile = writeFleet(folder);
  const fleet = await startSimulatedFleet({
    fleetFile,
    folder,
    ...(!withJob && { bundle: 'none' }),
  });
  const { world, servers, adminToken } = fleet;
  const hub = world.clusters.get('ci');
  if (!hub) throw new Error('no hub');
  const { kube } = hub;
  // Before any test comes between.
  const handle = kube.handle.bind(kube);
  const patchAt = async (path: string, body: unknown): Promise<void> => {
    const answer = await handle({
      method: 'PATCH',
      path: `${path}?fieldManager=rollcall`,
      headers: {
        authorization: `Bearer ${adminToken}`,
        'content-type': 'application/merge-patch+json',
      },
      body: JSON.stringify(body),
      signal: new AbortController().signal,
    });
    if (answer.status !== 200) throw new Error(JSON.stringify(answer));
  };
  const patch = (body: unknown) =>
    patchAt(`/api/v1/namespaces/${namespace}/configmaps/${configMap}`, body);
  const file = join(folder, 'kubeconfig');
  const job = issueServiceAccountToken(
    world,
    'ci',
    namespace,
    'key-restarter',
    apiServerAudience,
    3600,
  );
  const server = (name: string) => ({
    name,
    server: servers.apiServer(name),
    ca: servers.apiServerCa(name),
  });
  const [ci, golf] = [server('ci'), server('golf-prd')];
  const config = parse(kubeconfig([ci, golf], adminToken)) as {
    readonly users: object[];
    readonly contexts: object[];
  };
  config.users.push(
    { name: 'stranger', user: { token: 'nobody-knows-this-one' } },
    { name: 'job', user: { token: job } },
  );
  for (const user of ['stranger', 'job']) {
    config.contexts.push({ name: user, context: { cluster: 'ci', user } });
  }
  writeFileSync(file, stringify(config));
  return {
    folder,
    fleetFile,
    kubeconfig: file,
    kube,
    fleet,
    record: () => kube.read('ConfigMap', namespace, configMap) as unknown as StoredRecord,
    write: (content) =>
      patch({
        data: encodeShard({ entries: new Map(), progress: noProgress, history: [], ...content }),
      }),
    patch,
    hold: (holder, renewedAt) =>
      patchAt(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${restart}-lock`, {
        spec: {
          holderIdentity: holder,
          leaseDurationSeconds: 15,
          renewTime: new Date(renewedAt).toISOString().replace(/Z$/, '000Z'),
        },
      }),
    close: async () => {
      await fleet.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function writeFleet(folder: string): string {
  const read = (name: string): string =>
    readFileSync(new URL(`../../../examples/${name}`, import.meta.url), 'utf8');
  const fleet = parse(read('seed-000.yaml')) as { readonly restarts: { strategy: object }[] };
  for (const one of fleet.restarts) one.strategy = { waves };
  const file = join(folder, 'fleet.yaml');
  writeFileSync(file, stringify(fleet));
  writeFileSync(join(folder, 'fleet.prior.yaml'), read('seed-000.prior.yaml'));
  return file;
}
