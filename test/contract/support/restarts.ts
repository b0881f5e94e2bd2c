import { formatInstant } from '../../../jobs/restart/core/instant.ts';
import type { TestFleet } from './fleets.ts';

export const targets: readonly string[] = ['golf-prd', 'golf-pp', 'golf-dev'];

/** The workloads of the plan, as `cluster/name`. */
export const planned = targets.flatMap((cluster) => [
  `${cluster}/sts-js-avro-encryption-processor`,
  `${cluster}/sts-js-avro-decryption-processor`,
]);

export const clusterOf = (key: string): string => key.split('/')[0] ?? '';

/** The one that is not of the plan. */
const bystander = 'golf-prd/sts-frontend';

/** How often each workload was restarted by a run, by `cluster/name`. */
export const restartsBy = (
  fleet: TestFleet,
  run: number,
): Promise<Readonly<Record<string, number>>> =>
  countRestarts(fleet, run, (key) => `${clusterOf(key)}/${key.split('/').at(-1) ?? ''}`);

/** And by `cluster/Kind/namespace/name`, of those whose key begins so. */
export async function restartsUnder(
  fleet: TestFleet,
  run: number,
  prefix: string,
): Promise<Readonly<Record<string, number>>> {
  const counts = Object.entries(await countRestarts(fleet, run, (key) => key));
  return Object.fromEntries(counts.filter(([key]) => key.startsWith(prefix)));
}

async function countRestarts(
  { lab }: TestFleet,
  run: number,
  nameOf: (key: string) => string,
): Promise<Readonly<Record<string, number>>> {
  const stamp = formatInstant(run);
  return Object.fromEntries(
    [...(await lab.stamps())].map(([key, stamps]) => [
      nameOf(key),
      stamps.filter((one) => one === stamp).length,
    ]),
  );
}

/** Every workload of the plan so often, and nothing else. */
export const each = (times: number): Readonly<Record<string, number>> => ({
  ...Object.fromEntries(planned.map((key) => [key, times])),
  [bystander]: 0,
});

export const once = each(1);
export const never = each(0);

/** Every workload of the plan with the same outcome. */
export const all = (kind: string): Readonly<Record<string, string>> =>
  Object.fromEntries(planned.map((key) => [key, kind]));
