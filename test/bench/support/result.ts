import { availableParallelism, cpus, totalmem } from 'node:os';
import { columns } from '../../../src/cli/io.ts';
import { components, versionOf } from '../../controlplane/components.ts';
import type { BenchSize } from './bench-fleet.ts';
import type { BudgetCheck } from './requests.ts';
import { budgetOf, type Sample } from './rounds.ts';
import { summarise, type ContenderSummary, type Spread } from './summary.ts';

/** All that a benchmark has found, as `-o json` prints it. */
export interface Result {
  readonly setting: BenchSize & {
    readonly date: string;
    readonly rounds: number;
    readonly cores: number;
    readonly cpu: string;
    readonly memoryGibibytes: number;
    readonly node: string;
    readonly kubernetes: string;
  };
  /** Of each run of the job. */
  readonly budget: { readonly patches: number; readonly looks: number; readonly kept: boolean };
  readonly contenders: readonly ContenderSummary[];
}

export function resultOf(
  { workloads, replicas, podSeconds, rounds }: BenchSize & { readonly rounds: number },
  samples: readonly Sample[],
): Result {
  const size = { workloads, replicas, podSeconds };
  const contenders = summarise(samples);
  const apiServer = components.find(({ name }) => name === 'kube-apiserver');
  return {
    setting: {
      date: new Date().toISOString(),
      ...size,
      rounds,
      cores: availableParallelism(),
      cpu: cpus()[0]?.model ?? '',
      memoryGibibytes: Math.round(totalmem() / 2 ** 30),
      node: process.version,
      kubernetes: apiServer ? versionOf(apiServer) : '',
    },
    budget: {
      ...budgetOf(size),
      kept: contenders.every(({ budget }) => budget.every(({ kept }) => kept)),
    },
    contenders,
  };
}

/** For people: figures with ratios, what the requests were, and the budget. */
export function resultText({ setting, budget, contenders }: Result): string {
  const { workloads, replicas, podSeconds, rounds, cores, kubernetes, node } = setting;
  const heads = ['WALL s', 'LEAST', 'CPU s', 'PEAK MiB', 'REQUESTS', 'TO THE HUB', 'OTHERS'];
  const figures = contenders.map((one) => [
    one.contender,
    cell(one.wallSeconds, 1),
    times(one.wallSeconds.leastRatio),
    cell(one.cpuSeconds, 2),
    cell(one.peakMebibytes, 0),
    cell(one.requests, 0),
    cell(one.hubRequests, 0),
    cell(one.others, 2),
  ]);
  const requests = contenders.map(({ contender, byKind }) => [
    contender,
    Object.entries(byKind)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(', '),
  ]);
  const checks = contenders.flatMap((one) =>
    one.budget.map((check, index) => ({ ...check, run: `${one.contender}, round ${index + 1}` })),
  );
  const broken = checks.filter(({ kept }) => !kept);
  return [
    `${workloads} Deployments × ${replicas}, pods ready after ${podSeconds} s, ${rounds} rounds; ${cores} cores, Kubernetes ${kubernetes}, Node ${node}`,
    'median (least–most) × median of the first row; LEAST: least wall time × least of the first row; OTHERS: share of the machine',
    '',
    columns([['', ...heads], ...figures]),
    columns([['', 'REQUESTS OF THE LAST ROUND'], ...requests]),
    `budget of the job: ${budget.patches} patches, ${budget.looks} lists and watches: ${budget.kept ? 'kept' : 'BROKEN'} in ${(broken.length || checks.length).toFixed(0)} of ${checks.length} runs`,
    ...broken.slice(0, 3).map((check) => `  ${check.run}: ${counted(check)}`),
    '',
  ].join('\n');
}

const counted = ({ patches, lists, watches, retries, others }: BudgetCheck): string =>
  `${patches} patches, ${lists} lists, ${watches} watches; apart: ${retries} retries, ${others} others`;

function cell({ median, min, max, ratio }: Spread, digits: number): string {
  const [low, high] = [min.toFixed(digits), max.toFixed(digits)];
  return [median.toFixed(digits), ...(low === high ? [] : [`(${low}–${high})`]), times(ratio)]
    .join(' ')
    .trimEnd();
}

const times = (ratio: number | undefined): string =>
  ratio === undefined ? '' : `×${ratio.toFixed(2)}`;
