import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

export interface FleetSize {
  /** With workloads; the hub comes on top. */
  readonly clusters: number;
  /** Deployments in each, all in one namespace. */
  readonly workloads: number;
  /** How long one rollout takes. Seconds. */
  readonly rolloutSeconds: number;
}

export const hub = 'hub';
export const namespace = 'bench';
export const limits = { maxConcurrentClusters: 20, maxConcurrentRollouts: 5 } as const;

const issuer = 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLEBENCHFLEET000000000000000';
const hubAccount = '100000000000';
const targetAccounts = 5;
const regions = ['eu-west-1', 'eu-central-1'] as const;

/** No run that keeps the limits can be faster, however little it takes itself. Seconds. */
export function boundOf({ clusters, workloads, rolloutSeconds }: FleetSize): number {
  const { maxConcurrentClusters, maxConcurrentRollouts } = limits;
  return (
    Math.ceil(clusters / maxConcurrentClusters) *
    Math.ceil(workloads / maxConcurrentRollouts) *
    rolloutSeconds
  );
}

/** Writes a fleet file, and beside it what exists before: a hub, and the targets in several accounts. */
export function writeFleet(folder: string, size: FleetSize): string {
  const fleetFile = join(folder, 'fleet.yaml');
  writeFileSync(fleetFile, stringify(fleet(size)));
  writeFileSync(priorFileOf(fleetFile), stringify(prior(size)));
  return fleetFile;
}

export const priorFileOf = (fleetFile: string): string =>
  fleetFile.replace(/\.yaml$/, '.prior.yaml');

const indexes = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index);
const numbered = (prefix: string, index: number): string =>
  `${prefix}-${String(index).padStart(3, '0')}`;

const namesOf = ({ workloads }: FleetSize): readonly string[] =>
  indexes(workloads).map((index) => numbered('workload', index));

const accountName = (index: number): string => numbered('account', index);
const accountId = (index: number): string => String(200_000_000_000 + index);

const targets = ({ clusters }: FleetSize) =>
  indexes(clusters).map((index) => ({
    name: numbered('cluster', index),
    account: index % targetAccounts,
    region: regions[index % regions.length] ?? regions[0],
  }));

const fleet = (size: FleetSize) => ({
  apiVersion: 'rollcall.dev/v1alpha1',
  kind: 'Fleet',
  name: 'bench',
  image: 'registry.example.com/rollcall:0.1.0',
  accounts: Object.fromEntries([
    ['hub', hubAccount],
    ...indexes(targetAccounts).map((index) => [accountName(index), accountId(index)] as const),
  ]),
  clusters: [
    { name: hub, account: 'hub', region: regions[0], oidcIssuer: issuer },
    ...targets(size).map(({ name, account, region }) => ({
      name,
      account: accountName(account),
      region,
      labels: { env: 'prd' },
    })),
  ],
  services: [
    {
      name: 'restarter',
      env: 'prd',
      cluster: hub,
      namespace: 'rollcall',
      reach: [{ clusters: { env: 'prd' } }],
    },
  ],
  restarts: [
    {
      name: 'everything',
      service: 'restarter',
      schedule: '0 3 1 1 *',
      clusters: { env: 'prd' },
      workloads: [{ namespace, names: namesOf(size) }],
      strategy: limits,
    },
  ],
});

const prior = (size: FleetSize) => ({
  apiVersion: 'rollcall.dev/v1alpha1',
  kind: 'PriorState',
  accounts: [
    { id: hubAccount, oidcProviders: [{ issuer }] },
    ...indexes(targetAccounts).map((index) => ({ id: accountId(index) })),
  ],
  clusters: [
    { name: hub, account: hubAccount, region: regions[0], oidcIssuer: issuer },
    ...targets(size).map(({ name, account, region }) => ({
      name,
      account: accountId(account),
      region,
      deployments: namesOf(size).map((workload) => ({
        namespace,
        name: workload,
        replicas: 2,
        rolloutSeconds: size.rolloutSeconds,
      })),
    })),
  ],
});
