import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { buildJob } from '../../../../jobs/restart/build.ts';
import { synthesise } from '../../../../src/demo/generate.ts';
import { applyGenerated } from '../fleet/apply.ts';
import { startCluster, type RealCluster } from '../cluster/cluster.ts';
import { startEtcd } from '../cluster/etcd.ts';
import { exitStages } from './exit-stages.ts';

/** A restart of the hub's fleet file. */
export interface CronRestart {
  readonly name: string;
  /** Five cron fields. Default: the 29th of February. */
  readonly schedule?: string;
  /** Default: `Europe/London`. */
  readonly timeZone?: string;
}

/** A real hub with nothing beside it: its Jobs' pods end as a test says. */
export interface CronHub {
  readonly folder: string;
  readonly cluster: RealCluster;
  /** Where the CronJobs are. */
  readonly namespace: string;
  /** The job, bundled. */
  readonly bundle: string;
  close(): Promise<void>;
}

const namespace = 'sts';

/** Starts a hub with the generated CronJob of each restart, applied as a user applies it. */
export async function startCronHub(
  folder: string,
  restarts: readonly CronRestart[],
): Promise<CronHub> {
  const fleetFile = join(folder, 'fleet.yaml');
  writeFileSync(fleetFile, stringify(fleetOf(restarts)));
  const outputDir = join(folder, 'dist');
  synthesise(fleetFile, outputDir);
  const bundle = join(folder, 'restart.mjs');
  await buildJob(bundle);
  const etcd = await startEtcd(folder);
  const stops = [() => etcd.stop()];
  const close = async (): Promise<void> => {
    for (const stop of stops.splice(0).reverse()) await stop();
  };
  try {
    const own = join(folder, 'hub');
    const cluster = await startCluster({ name: 'hub', folder: own, etcd, stages: exitStages() });
    stops.push(() => cluster.stop());
    await applyGenerated(cluster, { outputDir });
    return { folder, cluster, namespace, bundle, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const fleetOf = (restarts: readonly CronRestart[]) => ({
  apiVersion: 'rollcall.dev/v1alpha1',
  kind: 'Fleet',
  name: 'cron',
  image: 'registry.example/rollcall/restart:0.1.0',
  accounts: { hub: '111122223333', target: '444455556666' },
  clusters: [
    {
      name: 'hub',
      account: 'hub',
      region: 'eu-west-1',
      oidcIssuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E',
    },
    { name: 'target', account: 'target', region: 'eu-west-1', labels: { role: 'target' } },
  ],
  services: [
    {
      name: 'key-restarter',
      env: 'prd',
      cluster: 'hub',
      namespace,
      reach: [{ clusters: { role: 'target' } }],
    },
  ],
  restarts: restarts.map(({ name, schedule = '0 0 29 2 *', timeZone = 'Europe/London' }) => ({
    name,
    service: 'key-restarter',
    schedule,
    timeZone,
    clusters: { role: 'target' },
    workloads: [{ namespace: 'apps', names: ['processor'] }],
    strategy: { timeout: '15m' },
  })),
});
