import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { buildJob } from '../../jobs/restart/build.ts';
import { median, memoryBound, startFigures, startText } from './support/start-figures.ts';

const base = 'node -e 0';

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Expected a whole number above 0.');
}

/** Starts this Node, and gives what it printed. Its environment has nothing that changes a start. */
function start(args: readonly string[]): { readonly ms: number; readonly stdout: string } {
  const from = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  const ms = performance.now() - from;
  if (status === 0) return { ms, stdout };
  throw new Error(`node ${args.join(' ')} ended with ${status ?? 'a signal'}: ${stderr}`);
}

const memoryOf = (text: string): number => {
  const found = /^ok, peak of resident memory ([\d.]+) MiB$/m.exec(text)?.[1];
  if (found === undefined) throw new Error(`--self-check printed ${JSON.stringify(text)}`);
  return Number(found);
};

/** Whether all bounds were kept. */
function measure(bundle: string, rounds: number): boolean {
  const contenders: readonly (readonly [string, readonly string[]])[] = [
    [base, ['-e', '0']],
    ['--version', [bundle, '--version']],
    ['--self-check', [bundle, '--self-check']],
  ];
  const times: Record<string, number[]> = {};
  const peaks: number[] = [];
  const barePeaks: number[] = [];
  // The first round fills the file cache.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, args] of contenders) {
      const { ms, stdout } = start(args);
      if (round > 0) (times[name] ??= []).push(ms);
      if (name === '--self-check') peaks.push(memoryOf(stdout));
    }
    barePeaks.push(Number(start(['-p', 'process.resourceUsage().maxRSS']).stdout) / 1024);
  }
  const figures = startFigures(times, base);
  const memory = median(peaks) - median(barePeaks);
  process.stdout.write(startText(figures, memory));
  return figures.every(({ kept }) => kept) && memory <= memoryBound;
}

const { rounds } = new Command('bench:start')
  .description("How long the job's bundle takes to start, beside Node itself.")
  .option('--rounds <n>', 'measured rounds, after one to warm up', wholeNumber, 31)
  .parse()
  .opts<{ rounds: number }>();
const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
try {
  const bundle = join(folder, 'restart.mjs');
  await buildJob(bundle);
  if (!measure(bundle, rounds)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
