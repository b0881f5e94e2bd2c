import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { buildJob } from '../../jobs/restart/build.ts';
import { allKept, figuresOf, growthOf, type FleetFigures } from './support/fleet-figures.ts';
import { runFleet } from './support/fleet-run.ts';
import { fleetText } from './support/fleet-text.ts';
import { rest } from './support/rest.ts';

interface Options {
  readonly clusters: readonly number[];
  readonly workloads: number;
  readonly rolloutSeconds: number;
  readonly faults: number;
  readonly seed: number;
  readonly keep?: true;
  readonly output: 'table' | 'json';
}

const parseOptions = (argv: readonly string[]): Options =>
  new Command('bench:fleet')
    .description('The job over a simulated fleet that fails now and then: time, memory, requests.')
    .option('--clusters <n,…>', 'sizes of the fleet', wholeNumbers, [25, 50, 100, 200])
    .option('--workloads <n>', 'Deployments in each cluster', wholeNumber, 50)
    .option('--rollout-seconds <s>', 'until a rollout is complete', seconds, 2)
    .option('--faults <percent>', 'of all requests that meet a fault', percent, 2)
    .option('--seed <n>', 'of the faults', wholeNumber, 1)
    .option('--keep', "leave each run's files, and say where")
    .addOption(
      new Option('-o, --output <format>', 'of the figures')
        .choices(['table', 'json'])
        .default('table'),
    )
    .parse([...argv], { from: 'user' })
    .opts();

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected a whole number above 0.');
}

const wholeNumbers = (text: string): readonly number[] => text.split(',').map(wholeNumber);

function seconds(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 600) return value;
  throw new InvalidArgumentError('Expected seconds above 0, at most 600.');
}

function percent(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 20) return value;
  throw new InvalidArgumentError('Expected per cent, from 0 to 20.');
}

const tell = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Whether every bound was kept. */
async function main(options: Options): Promise<boolean> {
  const { workloads, rolloutSeconds, seed } = options;
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  try {
    const bundle = join(folder, 'restart.mjs');
    await buildJob(bundle);
    const sizes = options.clusters.toSorted((a, b) => a - b);
    const runs = [
      ...sizes.slice(0, 1).map((clusters) => ({ clusters, faultShare: 0 })),
      ...sizes.map((clusters) => ({ clusters, faultShare: options.faults / 100 })),
    ].filter(({ faultShare }, index) => index === 0 || faultShare > 0);
    const figures: FleetFigures[] = [];
    for (const { clusters, faultShare } of runs) {
      await rest();
      const size = { clusters, workloads, rolloutSeconds };
      const name = `${clusters} clusters, ${(faultShare * 100).toFixed(0)} % faults`;
      tell(`${name} …`);
      const own = join(folder, `fleet-${figures.length}`);
      const sample = await runFleet({ size, faultShare, seed, bundle, folder: own });
      const found = figuresOf(sample);
      figures.push(found);
      tell(`${name}: ${found.wall.toFixed(1)} s, ${JSON.stringify(sample.tally)}`);
    }
    process.stdout.write(
      options.output === 'json'
        ? `${JSON.stringify({ figures, growth: growthOf(figures) }, null, 2)}\n`
        : fleetText(figures),
    );
    return allKept(figures);
  } finally {
    if (options.keep) tell(`files: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

try {
  if (!(await main(parseOptions(process.argv.slice(2))))) process.exitCode = 1;
} catch (error) {
  tell(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
