import { formatInstant, type Instant } from './instant.ts';
import { troubleOutcome, type Outcome } from './outcome.ts';
import type { Stop } from './state.ts';

/** What becomes of a workload that still had to be restarted when the run stopped. */
export function stopOutcome(instant: Instant, stop: Stop): Outcome {
  switch (stop.reason) {
    case 'interrupted':
      return {
        kind: 'skipped',
        reason: 'interrupted',
        message: 'the run was told to end before its restart',
      };
    case 'superseded':
      return {
        kind: 'skipped',
        reason: 'superseded',
        message: `a run later than ${formatInstant(instant)} has begun, which restarts it`,
      };
    case 'record':
      return troubleOutcome(stop.trouble);
  }
}
