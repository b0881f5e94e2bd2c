import { median } from './start-figures.ts';

/** One run of a program. */
export interface SynthRun {
  /** Wall time. Milliseconds. */
  readonly ms: number;
  /** Time of its own on a processor, without the system's. Milliseconds. */
  readonly cpu: number;
  /** Peak of resident memory. Bytes. */
  readonly peak: number;
}

/** Runs of one format, by the number of its target clusters. */
export interface SynthRuns {
  readonly format: string;
  readonly sizes: ReadonlyMap<number, readonly SynthRun[]>;
}

export const synthBounds = {
  /** The fleet that time and memory are held against. */
  clusters: 1000,
  /** To one cdk8s App with as many charts: 3 s beside 4 s. */
  toApp: 0.75,
  /** Bytes. */
  peak: 400_000_000,
  /** Processor time of one more cluster among many, to that among few: linear is 1. */
  growth: 1.5,
} as const;

export interface SynthFigure {
  readonly format: string;
  readonly clusters: number;
  /** Median, milliseconds. */
  readonly ms: number;
  /** Median, milliseconds. */
  readonly cpu: number;
  /** Median, bytes. */
  readonly peak: number;
  /** To the cdk8s App; of the size that is held against it alone. */
  readonly toApp?: number;
  /** Cost of a further cluster to that before; of the largest size. */
  readonly growth?: number;
  readonly kept: boolean;
}

/** The figures of every format and size, in their order. Sizes rise. */
export function synthFigures(
  runs: readonly SynthRuns[],
  app: readonly SynthRun[],
): readonly SynthFigure[] {
  const appMs = median(app.map(({ ms }) => ms));
  return runs.flatMap(({ format, sizes }) => {
    const points = [...sizes].map(([clusters, all]) => ({
      clusters,
      ms: median(all.map(({ ms }) => ms)),
      cpu: median(all.map(({ cpu }) => cpu)),
      peak: median(all.map(({ peak }) => peak)),
    }));
    return points.map((point, index): SynthFigure => {
      const isHeld = point.clusters === synthBounds.clusters;
      const isLargest = index === points.length - 1;
      const toApp = isHeld ? point.ms / appMs : undefined;
      const growth = isLargest ? growthOf(points.slice(-3)) : undefined;
      return {
        format,
        ...point,
        ...(toApp !== undefined && { toApp }),
        ...(growth !== undefined && { growth }),
        // A figure that is none keeps no bound.
        kept:
          (toApp === undefined || (toApp <= synthBounds.toApp && point.peak <= synthBounds.peak)) &&
          (growth === undefined || growth <= synthBounds.growth),
      };
    });
  });
}

interface Point {
  readonly clusters: number;
  readonly cpu: number;
}

function growthOf([few, more, many]: readonly Point[]): number | undefined {
  if (!few || !more || !many) return undefined;
  return slope(more, many) / slope(few, more);
}

/** Milliseconds for one cluster more. */
const slope = (a: Point, b: Point): number => (b.cpu - a.cpu) / (b.clusters - a.clusters);

/** The table, a line each. */
export function synthText(figures: readonly SynthFigure[], app: readonly SynthRun[]): string {
  const lines = figures.map(({ format, clusters, ms, cpu, peak, toApp, growth, kept }) =>
    [
      format.padEnd(12),
      String(clusters).padStart(8),
      seconds(ms).padStart(9),
      seconds(cpu).padStart(9),
      megabytes(peak).padStart(8),
      (toApp === undefined ? '' : toApp.toFixed(2)).padStart(8),
      (growth === undefined ? '' : growth.toFixed(2)).padStart(8),
      kept ? '' : '  ABOVE',
    ].join(''),
  );
  const appMs = median(app.map(({ ms }) => ms));
  const appPeak = median(app.map(({ peak }) => peak));
  return [
    'FORMAT      CLUSTERS     WALL      CPU    PEAK  TO APP  GROWTH',
    ...lines,
    `one cdk8s App, its manifests alone: ${seconds(appMs)}, ${megabytes(appPeak)}`,
    `at most: ${synthBounds.toApp} of the App, ${megabytes(synthBounds.peak)}, growth ${synthBounds.growth}`,
    '',
  ].join('\n');
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
