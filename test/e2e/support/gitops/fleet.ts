import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { Job } from '../../../contract/support/job.ts';
import { startRealFleet, type RealFleet, type RealFleetOptions } from '../fleet/real-fleet.ts';
import { makeRealPod } from '../fleet/real-pod.ts';

/** The hub, the target, and the namespace of its workloads. */
export const hub = 'tools';
export const target = 'shop';
export const namespace = 'web';

const toolsAccount = '111111111111';
const shopAccount = '222222222222';
const region = 'eu-west-1';
const minute = 60_000;

export interface GitopsFleetOptions extends Pick<RealFleetOptions, 'applyManifests'> {
  /** The names of the Deployments of each restart. They don't exist yet. */
  readonly restarts: Readonly<Record<string, readonly string[]>>;
  readonly folder: string;
}

/** One hub and one target, and what is needed to run its restarts. */
export interface GitopsFleet extends RealFleet {
  /** A scheduled instant that is past; a later one with each call. */
  nextRun(): number;
  /** A pod of that run; with the same instant, another pod of its Job. */
  begin(restart: string, run: number): Promise<Job>;
}

export async function startGitopsFleet(options: GitopsFleetOptions): Promise<GitopsFleet> {
  const { folder, restarts, applyManifests } = options;
  const fleet = await startRealFleet({
    fleetFile: writeFleet(folder, restarts),
    folder: join(folder, 'fleet'),
    ...(applyManifests && { applyManifests }),
  });
  const jobs: Job[] = [];
  let last = Math.floor(Date.now() / minute) * minute - 1000 * minute;
  return {
    ...fleet,
    nextRun: () => (last += minute),
    begin: async (restart, scheduled) => {
      const name = `pod-${jobs.length}`;
      const job = new Job(fleet.bundle, await makeRealPod(fleet, { scheduled, name, restart }));
      jobs.push(job);
      return job;
    },
    close: async () => {
      for (const { child } of jobs) child.kill('SIGKILL');
      await Promise.all(jobs.map((job) => job.ended));
      await fleet.close();
    },
  };
}

function writeFleet(folder: string, restarts: GitopsFleetOptions['restarts']): string {
  const oidcIssuer = `https://oidc.eks.${region}.amazonaws.com/id/EXAMPLEGITOPS`;
  const fleet = {
    apiVersion: 'rollcall.dev/v1alpha1',
    kind: 'Fleet',
    name: 'shops',
    image: `${toolsAccount}.dkr.ecr.${region}.amazonaws.com/rollcall/restart:0.1.0`,
    accounts: { tools: toolsAccount, shop: shopAccount },
    clusters: [
      {
        name: hub,
        account: 'tools',
        region,
        oidcIssuer,
        existingOidcProvider: true,
        labels: { env: 'prd' },
      },
      { name: target, account: 'shop', region, labels: { env: 'prd', team: 'shop' } },
    ],
    services: [
      {
        name: 'restarter',
        env: 'prd',
        cluster: hub,
        namespace: 'restarts',
        reach: [{ clusters: { team: 'shop' } }],
      },
    ],
    restarts: Object.entries(restarts).map(([name, names]) => ({
      name,
      service: 'restarter',
      schedule: '0 3 * * 1',
      timeZone: 'Europe/London',
      clusters: { team: 'shop' },
      workloads: [{ namespace, names }],
      strategy: { maxConcurrentRollouts: 20, timeout: '2m' },
    })),
  };
  const prior = {
    apiVersion: 'rollcall.dev/v1alpha1',
    kind: 'PriorState',
    accounts: [{ id: toolsAccount, oidcProviders: [{ issuer: oidcIssuer }] }, { id: shopAccount }],
    clusters: [
      { name: hub, account: toolsAccount, region, oidcIssuer },
      { name: target, account: shopAccount, region, namespaces: [namespace] },
    ],
  };
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'fleet.yaml');
  writeFileSync(file, stringify(fleet));
  writeFileSync(join(folder, 'fleet.prior.yaml'), stringify(prior));
  return file;
}
