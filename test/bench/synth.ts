import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { synthFleet } from './support/synth-fleet.ts';
import {
  synthBounds,
  synthFigures,
  synthText,
  type SynthRun,
  type SynthRuns,
} from './support/synth-figures.ts';

const root = join(import.meta.dirname, '../..');
const formats = ['manifests', 'flux'] as const;

function wholeNumbers(text: string): readonly number[] {
  const values = text.split(',').map(Number);
  if (values.every((value) => Number.isInteger(value) && value > 0))
    return values.sort((a, b) => a - b);
  throw new InvalidArgumentError('Expected whole numbers above 0, with commas.');
}

/** Tells its peak of resident memory, in KiB, and its processor time, in µs, when all else is done. */
const tellUsage =
  'data:text/javascript,process.on("exit",()=>{const{maxRSS,userCPUTime}=process.resourceUsage();process.stderr.write(`\\nused ${maxRSS} ${userCPUTime}`)})';

function run(args: readonly string[]): SynthRun {
  const from = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--import', tellUsage, ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], NO_COLOR: '1' },
    maxBuffer: 1 << 30,
  });
  const ms = performance.now() - from;
  const used = /\nused (\d+) (\d+)$/.exec(stderr);
  if (status === 0 && used)
    return { ms, cpu: Number(used[2]) / 1000, peak: Number(used[1]) * 1024 };
  throw new Error(`node ${args.join(' ')} ended with ${status ?? 'a signal'}: ${stderr}`);
}

/** Whether all bounds were kept. */
function measure(folder: string, sizes: readonly number[], rounds: number): boolean {
  const runs: (SynthRuns & { readonly sizes: Map<number, SynthRun[]> })[] = formats.map(
    (format) => ({ format, sizes: new Map(sizes.map((size) => [size, []])) }),
  );
  const app: SynthRun[] = [];
  for (const size of sizes) writeFileSync(join(folder, `${size}.yaml`), synthFleet(size));
  // The first round fills the file cache.
  for (let round = 0; round <= rounds; round += 1) {
    const out = join(folder, `out-${round}`);
    for (const { format, sizes: all } of runs) {
      for (const [size, found] of all) {
        const output = join(out, `${format}-${size}`);
        const fleet = join(folder, `${size}.yaml`);
        const options = ['synth', fleet, '-d', output, '--format', format];
        const one = run([join(root, 'src/cli/main.ts'), ...options]);
        if (round > 0) found.push(one);
      }
    }
    const charts = String(synthBounds.clusters);
    const one = run([join(root, 'test/bench/support/cdk8s-app.ts'), charts, join(out, 'app')]);
    if (round > 0) app.push(one);
  }
  const figures = synthFigures(runs, app);
  process.stdout.write(synthText(figures, app));
  return figures.every(({ kept }) => kept);
}

const { sizes, rounds } = new Command('bench:synth')
  .description(
    'How long synth takes, and how it grows, beside one cdk8s App with a chart a cluster.',
  )
  .option('--sizes <n,…>', 'target clusters', wholeNumbers, [10, 100, 1000, 2000])
  .option('--rounds <n>', 'measured rounds, after one to warm up', Number, 3)
  .parse()
  .opts<{ sizes: readonly number[]; rounds: number }>();
const folder = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
try {
  if (!measure(folder, sizes, rounds)) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
