import { parentPort, workerData } from 'node:worker_threads';
import { trueCore } from './core-under-test.ts';
import { simulate, type SeedResult } from './simulate.ts';

/** The seeds of one worker: every `step`th from `from` to before `to`. */
export interface Share {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  /** Every so many seeds one is carried out a second time. */
  readonly repeatEvery: number;
}

/** What a worker has to tell of one seed. */
export type Told = SeedResult & {
  /** The second time went as the first. Absent: there was no second time. */
  readonly same?: boolean;
};

function carryOut({ from, to, step, repeatEvery }: Share, tell: (told: Told) => void): void {
  for (let seed = from; seed < to; seed += step) {
    const result = simulate(seed, trueCore);
    const isRepeated = seed % repeatEvery === 0;
    const again = isRepeated ? simulate(seed, trueCore) : undefined;
    tell({ ...result, ...(again && { same: again.hash === result.hash }) });
  }
}

if (parentPort && isShare(workerData)) {
  const port = parentPort;
  carryOut(workerData, (told) => {
    port.postMessage(told);
  });
}

function isShare(data: unknown): data is Share {
  return typeof data === 'object' && data !== null && 'repeatEvery' in data;
}
