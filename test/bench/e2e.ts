import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { buildControlPlane } from '../controlplane/build.ts';
import { contenders } from './support/contenders.ts';
import { startLaboratory } from './support/laboratory.ts';
import { resultOf, resultText } from './support/result.ts';
import { runRounds } from './support/rounds.ts';

interface Options {
  readonly rounds: number;
  readonly workloads: number;
  readonly replicas: number;
  readonly podSeconds: number;
  readonly output: 'table' | 'json';
}

function parseOptions(argv: readonly string[]): Options {
  return new Command('bench:e2e')
    .description('The job beside kubectl on a real control plane: time, memory and requests.')
    .option('--rounds <n>', 'measured rounds, after one to warm up', wholeNumber, 5)
    .option('--workloads <n>', 'Deployments', wholeNumber, 50)
    .option('--replicas <n>', 'of each', wholeNumber, 2)
    .option('--pod-seconds <s>', 'until a new pod is ready', seconds, 0)
    .addOption(
      new Option('-o, --output <format>', 'of the figures')
        .choices(['table', 'json'])
        .default('table'),
    )
    .parse([...argv], { from: 'user' })
    .opts();
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected a whole number above 0.');
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 600) return value;
  throw new InvalidArgumentError('Expected seconds, from 0 to 600.');
}

const tell = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Whether the job kept its budget in every round. */
async function main(options: Options): Promise<boolean> {
  await buildControlPlane();
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  try {
    tell(
      `starting two clusters, with ${options.workloads} Deployments × ${options.replicas} in one`,
    );
    const laboratory = await startLaboratory(folder, options);
    try {
      const samples = await runRounds(laboratory, contenders, options.rounds, tell);
      const result = resultOf(options, samples);
      process.stdout.write(
        options.output === 'json' ? `${JSON.stringify(result, null, 2)}\n` : resultText(result),
      );
      return result.budget.kept;
    } finally {
      await laboratory.fleet.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  if (!(await main(parseOptions(process.argv.slice(2))))) process.exitCode = 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
