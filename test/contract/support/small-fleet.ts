import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

const oidcIssuer = 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E';
const accounts = { tools: '000000000040', apple: '000000000050' };
const region = 'eu-west-1';

/** What a cluster has before, beside what every cluster has: lists of a prior state, by their keys. */
export type Prior = Readonly<Record<string, unknown>>;

interface SmallFleet {
  /** Default: nothing. */
  readonly hub?: Prior;
  /** By name, in the order of the waves. */
  readonly targets: Readonly<Record<string, Prior>>;
  /** By name: workloads and strategy as in a fleet file. All of the targets, unless they say so. */
  readonly restarts: Readonly<Record<string, object>>;
}

/** Writes a fleet of one hub `ci` and a few targets, with its prior state. Gives the fleet file. */
export function writeSmallFleet(home: string, { hub = {}, targets, restarts }: SmallFleet): string {
  const names = Object.keys(targets);
  const fleet = {
    apiVersion: 'rollcall.dev/v1alpha1',
    kind: 'Fleet',
    name: 'small',
    image: 'registry.example.com/rollcall/restart:0.1.0',
    accounts,
    clusters: [
      { name: 'ci', account: 'tools', region, oidcIssuer, existingOidcProvider: true },
      ...names.map((name) => ({ name, account: 'apple', region })),
    ],
    services: [
      {
        name: 'key-restarter',
        env: 'prd',
        cluster: 'ci',
        namespace: 'sts',
        reach: [{ clusters: names }],
      },
    ],
    restarts: Object.entries(restarts).map(([name, restart]) => ({
      name,
      service: 'key-restarter',
      schedule: '15 2 * * 1',
      clusters: names,
      ...restart,
    })),
  };
  const prior = {
    apiVersion: 'rollcall.dev/v1alpha1',
    kind: 'PriorState',
    accounts: [
      { id: accounts.tools, oidcProviders: [{ issuer: oidcIssuer }] },
      { id: accounts.apple },
    ],
    clusters: [
      { name: 'ci', account: accounts.tools, region, oidcIssuer, ...hub },
      ...names.map((name) => ({ name, account: accounts.apple, region, ...targets[name] })),
    ],
  };
  mkdirSync(home, { recursive: true });
  const file = join(home, 'fleet.yaml');
  writeFileSync(file, stringify(fleet));
  writeFileSync(join(home, 'fleet.prior.yaml'), stringify(prior));
  return file;
}
