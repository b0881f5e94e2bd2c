import { Worker } from 'node:worker_threads';
import { Catalogue } from './catalogue.ts';
import type { WorldSize } from './simulate.ts';
import type { Share, Told } from './worker.ts';

/** What many seeds together have shown. */
export interface Soaked {
  readonly seeds: number;
  readonly steps: number;
  readonly seconds: number;
  readonly repeated: number;
  readonly catalogue: Catalogue;
  /** The greatest of each. */
  readonly size: WorldSize;
  readonly failures: readonly { readonly seed: number; readonly message: string }[];
  /** Seeds that went differently the second time. */
  readonly unsteady: readonly number[];
}

const threads = 2;
const repeatEvery = 50;

/** Carries out seeds side by side. Progress goes to stderr, where someone watches. */
export async function soak(from: number, seeds: number): Promise<Soaked> {
  const began = performance.now();
  const sums = new Sums(seeds);
  await Promise.all(
    Array.from({ length: threads }, (_, index) =>
      runWorker({ from: from + index, to: from + seeds, step: threads, repeatEvery }, (told) => {
        sums.add(told);
      }),
    ),
  );
  if (process.stderr.isTTY) process.stderr.write('\r');
  return sums.soaked((performance.now() - began) / 1000);
}

function runWorker(share: Share, tell: (told: Told) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: share });
    worker.on('message', tell);
    worker.on('error', reject);
    worker.on('exit', () => {
      resolve();
    });
  });
}

class Sums {
  readonly #seeds: number;
  readonly #catalogue = new Catalogue();
  readonly #failures: { readonly seed: number; readonly message: string }[] = [];
  readonly #unsteady: number[] = [];
  #size: WorldSize = { clusters: 0, workloads: 0, processes: 0 };
  #done = 0;
  #steps = 0;
  #repeated = 0;

  constructor(seeds: number) {
    this.#seeds = seeds;
  }

  add({ seed, steps, catalogue, size, failure, same }: Told): void {
    this.#done += 1;
    this.#steps += steps;
    this.#catalogue.add(catalogue);
    this.#size = {
      clusters: Math.max(this.#size.clusters, size.clusters),
      workloads: Math.max(this.#size.workloads, size.workloads),
      processes: Math.max(this.#size.processes, size.processes),
    };
    if (failure) this.#failures.push({ seed, message: failure.message });
    if (same !== undefined) this.#repeated += 1;
    if (same === false) this.#unsteady.push(seed);
    if (process.stderr.isTTY && this.#done % 100 === 0) {
      process.stderr.write(`\r${this.#done} of ${this.#seeds} seeds`);
    }
  }

  soaked(seconds: number): Soaked {
    return {
      seeds: this.#done,
      steps: this.#steps,
      seconds,
      repeated: this.#repeated,
      catalogue: this.#catalogue,
      size: this.#size,
      failures: this.#failures.sort((a, b) => a.seed - b.seed),
      unsteady: this.#unsteady,
    };
  }
}
