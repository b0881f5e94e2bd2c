import type { Sample } from './rounds.ts';
import { total, type BudgetCheck } from './requests.ts';

/** One figure over all rounds. */
export interface Range {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Beside the reference. */
export interface Spread extends Range {
  /** The median over that of the reference; absent where that one is 0. */
  readonly ratio?: number;
  /** The least over the least of the reference: what else the machine does only ever adds. */
  readonly leastRatio?: number;
}

export interface ContenderSummary {
  readonly contender: string;
  /** The share of the machine that processes which aren't ours had meanwhile. */
  readonly others: Range;
  readonly wallSeconds: Spread;
  readonly cpuSeconds: Spread;
  readonly peakMebibytes: Spread;
  /** To the cluster with the workloads. */
  readonly requests: Spread;
  /** To the cluster with the run record. */
  readonly hubRequests: Spread;
  /** Of the last round: `patch deployments.apps` → how many. */
  readonly byKind: Readonly<Record<string, number>>;
  /** Of every round. */
  readonly budget: readonly BudgetCheck[];
}

/** Figures of the measured rounds; the first contender is the reference of every ratio. */
export function summarise(samples: readonly Sample[]): readonly ContenderSummary[] {
  const measured = samples.filter(({ round }) => round > 0);
  const names = [...new Set(samples.map(({ contender }) => contender))];
  const of = (name: string): readonly Sample[] =>
    measured.filter(({ contender }) => contender === name);
  const spread = (name: string, figure: (sample: Sample) => number): Spread => {
    const own = spreadOf(of(name).map(figure));
    const reference = spreadOf(of(names[0] ?? '').map(figure));
    if (reference.min <= 0) return own;
    return { ...own, ratio: own.median / reference.median, leastRatio: own.min / reference.min };
  };
  return names.map((contender) => ({
    contender,
    others: spreadOf(of(contender).map((sample) => sample.others)),
    wallSeconds: spread(contender, ({ measured: { wallMs } }) => wallMs / 1000),
    cpuSeconds: spread(contender, ({ measured: { cpuMs } }) => cpuMs / 1000),
    peakMebibytes: spread(contender, ({ measured: { peakBytes } }) => peakBytes / 2 ** 20),
    requests: spread(contender, ({ requests }) => total(requests)),
    hubRequests: spread(contender, ({ hubRequests }) => total(hubRequests)),
    byKind: byKind(of(contender).at(-1)),
    budget: of(contender).flatMap(({ budget }) => budget ?? []),
  }));
}

const spreadOf = (values: readonly number[]): Range => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
});

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? NaN) + upper) / 2;
}

function byKind(sample: Sample | undefined): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { verb, resource, code, count } of sample?.requests ?? []) {
    const failed = code >= 200 && code < 300 ? '' : ` (${code})`;
    const kind = `${verb} ${resource}${failed}`;
    counts[kind] = (counts[kind] ?? 0) + count;
  }
  return counts;
}
