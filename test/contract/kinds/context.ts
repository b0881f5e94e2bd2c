import type { TestFleet } from '../support/fleets.ts';

/** What the parts of the contract share: one fleet, with a namespace and a restart for each case. */
export interface KindsContext {
  readonly test: (name: string, run: () => Promise<void>) => void;
  /** Once it is started. */
  readonly fleet: () => TestFleet;
  /** How often each workload of a namespace was restarted by a run, by `Kind/namespace/name`. */
  readonly count: (run: number, namespace: string) => Promise<Readonly<Record<string, unknown>>>;
}
