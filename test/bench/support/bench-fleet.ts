import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

export interface BenchSize {
  /** Deployments. */
  readonly workloads: number;
  /** Of each. */
  readonly replicas: number;
  /** How long a new pod takes to be ready. Seconds. */
  readonly podSeconds: number;
}

export const hub = 'hub';
export const target = 'target';
export const namespace = 'bench';
/** On every Deployment: what `kubectl -l` selects by. */
export const selector = { key: 'app.kubernetes.io/part-of', value: 'bench' } as const;

/** The same workloads under two strategies. */
export const restarts = { wide: 'all-at-once', byDefault: 'default-limits' } as const;

/** What no cluster of this size is held back by: the fleet file's own bound. */
const widest = 100;

const issuer = 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLEBENCH00000000000000000000';
const accounts = { hub: '111111111111', target: '222222222222' } as const;

export const workloadNames = ({ workloads }: BenchSize): readonly string[] =>
  Array.from({ length: workloads }, (_, index) => `workload-${String(index).padStart(3, '0')}`);

/** Writes a fleet file, and beside it what exists before: one hub, one target full of Deployments. */
export function writeBenchFleet(folder: string, size: BenchSize): string {
  const fleetFile = join(folder, 'fleet.yaml');
  writeFileSync(fleetFile, stringify(fleet(size), { aliasDuplicateObjects: false }));
  writeFileSync(join(folder, 'fleet.prior.yaml'), stringify(prior(size)));
  return fleetFile;
}

const fleet = (size: BenchSize) => {
  const common = {
    service: 'restarter',
    schedule: '0 3 1 1 *',
    suspend: true,
    clusters: [target],
    workloads: [{ namespace, names: workloadNames(size) }],
  };
  return {
    apiVersion: 'rollcall.dev/v1alpha1',
    kind: 'Fleet',
    name: 'bench',
    image: 'registry.example.com/rollcall:0.1.0',
    accounts,
    clusters: [
      { name: hub, account: 'hub', region: 'eu-west-1', oidcIssuer: issuer },
      { name: target, account: 'target', region: 'eu-west-1' },
    ],
    services: [
      {
        name: 'restarter',
        env: 'prd',
        cluster: hub,
        namespace: 'rollcall',
        reach: [{ clusters: [target] }],
      },
    ],
    restarts: [
      { name: restarts.wide, ...common, strategy: { maxConcurrentRollouts: widest } },
      { name: restarts.byDefault, ...common },
    ],
  };
};

const prior = (size: BenchSize) => ({
  apiVersion: 'rollcall.dev/v1alpha1',
  kind: 'PriorState',
  accounts: [{ id: accounts.hub, oidcProviders: [{ issuer }] }, { id: accounts.target }],
  clusters: [
    { name: hub, account: accounts.hub, region: 'eu-west-1', oidcIssuer: issuer },
    {
      name: target,
      account: accounts.target,
      region: 'eu-west-1',
      deployments: workloadNames(size).map((name) => ({
        namespace,
        name,
        replicas: size.replicas,
        // A pod is ready after a quarter of it (applyPrior).
        rolloutSeconds: 4 * size.podSeconds,
        labels: { [selector.key]: selector.value },
      })),
    },
  ],
});
