/** How a start may compare with that of Node itself, `node -e 0`. */
export interface StartBound {
  readonly contender: string;
  /** Of medians. */
  readonly atMostTimes: number;
}

/** The most that `--self-check` may need above `node -e 0`. MiB. */
export const memoryBound = 50;

export const startBounds: readonly StartBound[] = [
  { contender: '--version', atMostTimes: 1.5 },
  { contender: '--self-check', atMostTimes: 5 },
];

/** Wall times of interleaved starts, by contender. Milliseconds. */
export type StartTimes = Readonly<Record<string, readonly number[]>>;

export interface StartFigure {
  readonly contender: string;
  /** Milliseconds. */
  readonly median: number;
  readonly ratio: number;
  readonly bound?: number;
  readonly kept: boolean;
}

/** The middle one, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/** @param base the contender that the others are compared with */
export function startFigures(times: StartTimes, base: string): readonly StartFigure[] {
  const whole = median(times[base] ?? []);
  return Object.entries(times).map(([contender, all]) => {
    const bound = startBounds.find((one) => one.contender === contender)?.atMostTimes;
    const ratio = median(all) / whole;
    return {
      contender,
      median: median(all),
      ratio,
      ...(bound !== undefined && { bound }),
      // A figure that is none keeps no bound.
      kept: bound === undefined || ratio <= bound,
    };
  });
}

/** The table, a line each. */
export const startText = (figures: readonly StartFigure[], memory: number): string =>
  [
    ...figures.map(
      ({ contender, median: ms, ratio, bound, kept }) =>
        `${contender.padEnd(14)}${ms.toFixed(1).padStart(8)} ms${ratio.toFixed(2).padStart(7)} ×${bound === undefined ? '' : `  (at most ${bound} ×)${kept ? '' : '  ABOVE'}`}`,
    ),
    `memory of --self-check above node -e 0: ${memory.toFixed(1)} MiB  (at most ${memoryBound} MiB)${memory <= memoryBound ? '' : '  ABOVE'}`,
    '',
  ].join('\n');
