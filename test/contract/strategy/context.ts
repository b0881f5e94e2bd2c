import type { Report } from '../../../jobs/restart/report.ts';
import type { TestFleet } from '../support/fleets.ts';

/** Ten times as fast: operators are heard after a second, not after ten. */
export const lapse = 10;

/** What the parts of the contract share: one fleet, with a namespace and a restart for each case. */
export interface StrategyContext {
  readonly test: (name: string, run: () => Promise<void>) => void;
  /** Once it is started. */
  readonly fleet: () => TestFleet;
  /** How often Deployment `a` of a restart's namespace was restarted: in east, in west. */
  readonly restarts: (run: number, namespace: string) => Promise<readonly unknown[]>;
  /** What came of each workload: where there is one in a cluster, in east, in west. */
  readonly outcomes: (report: Report | undefined) => readonly string[];
}
