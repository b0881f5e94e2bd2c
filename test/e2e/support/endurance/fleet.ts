import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { startRealFleet, type RealFleet } from '../fleet/real-fleet.ts';
import { slowStages } from './stages.ts';

export const targets = ['alpha', 'beta'] as const;
export const namespace = 'apps';

/** The restarts of the fleet, and how long each rollout of theirs takes. Seconds. */
const restarts = {
  /** One workload, in which a watch sees nothing for more than half a minute. */
  silent: { workloads: ['sleeper'], seconds: 40, maxConcurrentRollouts: 5 },
  /** Three workloads, one after the other: there is always one to come. */
  steady: { workloads: ['first', 'second', 'third'], seconds: 6, maxConcurrentRollouts: 1 },
  /** Two at once: after the patches nothing is to be done but watch. */
  watched: { workloads: ['left', 'right'], seconds: 15, maxConcurrentRollouts: 5 },
} as const;

export type SlowRestart = keyof typeof restarts;

/** `<cluster>/<name>` of each workload that the restart is for. */
export const workloadsOf = (restart: SlowRestart): readonly string[] =>
  targets.flatMap((cluster) => restarts[restart].workloads.map((name) => `${cluster}/${name}`));

/** A hub and two targets, real, whose restarts take their time. */
export async function startSlowFleet(folder: string): Promise<RealFleet> {
  mkdirSync(folder, { recursive: true });
  const fleetFile = join(folder, 'slow.yaml');
  writeFileSync(fleetFile, stringify(fleet));
  writeFileSync(join(folder, 'slow.prior.yaml'), stringify(prior));
  return startRealFleet({ fleetFile, folder: join(folder, 'run'), stages: slowStages() });
}

const region = 'eu-west-1';
const oidcIssuer = `https://oidc.eks.${region}.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E`;
const accounts = { hub: '111122223333', alpha: '444455556666', beta: '777788889999' };
const apiVersion = 'rollcall.dev/v1alpha1';

const fleet = {
  apiVersion,
  kind: 'Fleet',
  name: 'slow',
  image: 'registry.example/rollcall/restart:0.1.0',
  accounts,
  clusters: [
    { name: 'hub', account: 'hub', region, oidcIssuer, existingOidcProvider: true },
    ...targets.map((name) => ({ name, account: name, region, labels: { role: 'target' } })),
  ],
  services: [
    {
      name: 'restarter',
      env: 'prd',
      cluster: 'hub',
      namespace: 'rollcall',
      reach: [{ clusters: { role: 'target' } }],
    },
  ],
  restarts: Object.entries(restarts).map(([name, { workloads, maxConcurrentRollouts }]) => ({
    name,
    service: 'restarter',
    schedule: '0 0 29 2 *',
    timeZone: 'Etc/UTC',
    clusters: { role: 'target' },
    workloads: [{ namespace, names: workloads }],
    strategy: { maxConcurrentRollouts, timeout: '5m' },
  })),
};

const prior = {
  apiVersion,
  kind: 'PriorState',
  accounts: Object.entries(accounts).map(([name, id]) => ({
    id,
    ...(name === 'hub' && { oidcProviders: [{ issuer: oidcIssuer }] }),
  })),
  clusters: [
    { name: 'hub', account: accounts.hub, region, oidcIssuer },
    ...targets.map((name) => ({
      name,
      account: accounts[name],
      region,
      deployments: Object.values(restarts).flatMap(({ workloads, seconds }) =>
        // A pod takes a quarter of a rollout, of which there is one here.
        workloads.map((workload) => ({
          namespace,
          name: workload,
          rolloutSeconds: 4 * seconds,
        })),
      ),
    })),
  ],
};
