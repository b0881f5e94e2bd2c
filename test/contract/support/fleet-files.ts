import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';

const examples = new URL('../../../examples/', import.meta.url);

interface Restart {
  readonly name: string;
  strategy: Readonly<Record<string, number | string>>;
}

interface PriorDeployment {
  readonly name: string;
  readonly rolloutSeconds: number;
}

export interface FleetOptions {
  /** Of every workload. Default: 0.15. */
  readonly rolloutSeconds?: number;
  /** Over that of the example. */
  readonly strategy?: Restart['strategy'];
  /** Names of further restarts of the same workloads. */
  readonly otherRestarts?: readonly string[];
  /** All accounts are of one AWS organization. Default: true. */
  readonly organization?: boolean;
  /** Further fields of a workload's prior state, by `cluster/name`; `null` takes it away. */
  readonly workloads?: Readonly<Record<string, object | null>>;
}

/** Writes the fleet of examples/seed-000.yaml and its prior state into the folder. Gives the fleet file. */
export function writeFleet(home: string, options: FleetOptions): string {
  const {
    rolloutSeconds = 0.15,
    strategy,
    otherRestarts = [],
    organization = true,
    workloads = {},
  } = options;
  const fleet = read('seed-000.yaml') as { restarts: Restart[] };
  for (const restart of fleet.restarts) restart.strategy = { ...restart.strategy, ...strategy };
  for (const name of otherRestarts) {
    fleet.restarts.push(...fleet.restarts.slice(0, 1).map((first) => ({ ...first, name })));
  }
  const prior = read('seed-000.prior.yaml') as {
    clusters: { readonly name: string; deployments?: readonly PriorDeployment[] }[];
  };
  for (const cluster of prior.clusters) {
    cluster.deployments = (cluster.deployments ?? []).flatMap((deployment) => {
      const change = workloads[`${cluster.name}/${deployment.name}`];
      return change === null ? [] : [{ ...deployment, rolloutSeconds, ...change }];
    });
  }
  mkdirSync(home, { recursive: true });
  const file = join(home, 'fleet.yaml');
  writeFileSync(file, stringify(fleet));
  writeFileSync(join(home, 'fleet.prior.yaml'), stringify({ ...prior, organization }));
  return file;
}

const read = (name: string): object =>
  parse(readFileSync(new URL(name, examples), 'utf8')) as object;
