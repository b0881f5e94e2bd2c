/** Time in the simulated fleet: real for the loopback servers, virtual for tests. */
export interface SimClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `run` once, `ms` later; the result cancels it. */
  after(ms: number, run: () => void): () => void;
}

export const realClock: SimClock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => {
      clearTimeout(timer);
    };
  },
};
