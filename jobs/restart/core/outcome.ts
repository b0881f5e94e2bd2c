import type { Link } from '../link-error.ts';

/** How one workload ended. Every workload of the plan gets exactly one. */
export type Outcome =
  | {
      /** Patched in this run, rolled out, and the stamp still there when last seen. */
      readonly kind: 'restarted';
      readonly stamp: string;
      readonly lastSeen: string;
    }
  | {
      /** Restarted at or after the run's instant without a patch of this attempt. */
      readonly kind: 'alreadyRestarted';
      readonly stamp: string;
      readonly lastSeen: string;
      /** `rollcall.dev/run` as found, when it is there. */
      readonly run?: string;
    }
  | {
      /** Our stamp was there and has been undone. Never fought over. */
      readonly kind: 'reverted';
      /** The field manager that has written since the stamp. */
      readonly by?: string;
      /** None has, on record: `by` is who wrote last before the stamp. */
      readonly guessed?: true;
      readonly message: string;
    }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'timedOut'; readonly message: string }
  | { readonly kind: 'skipped'; readonly reason: SkipReason; readonly message: string }
  | {
      /** A link of the chain refused: trying again changes nothing. */
      readonly kind: 'forbidden';
      readonly link: Link;
      readonly message: string;
    }
  | {
      /** A link did not answer, or asked to come back later. */
      readonly kind: 'unreachable';
      readonly link: Link;
      readonly message: string;
    }
  | { readonly kind: 'missing'; readonly message: string };

export const skipReasons = ['paused', 'superseded', 'interrupted'] as const;
export type SkipReason = (typeof skipReasons)[number];

export const outcomeKinds = [
  'restarted',
  'alreadyRestarted',
  'reverted',
  'failed',
  'timedOut',
  'skipped',
  'forbidden',
  'unreachable',
  'missing',
] as const satisfies readonly Outcome['kind'][];

export const isWell = (outcome: Outcome): boolean =>
  outcome.kind === 'restarted' || outcome.kind === 'alreadyRestarted';

/** Whether another attempt at the same run may end better without anyone changing anything. */
export const isRetryable = (outcome: Outcome): boolean =>
  outcome.kind === 'unreachable' ||
  (outcome.kind === 'skipped' && outcome.reason === 'interrupted');

/** A link that did not hold, as data. */
export interface Trouble {
  readonly link: Link;
  readonly transient: boolean;
  readonly message: string;
}

/** A link that did not hold, as the outcome of a workload behind it. */
export const troubleOutcome = ({ link, transient, message }: Trouble): Outcome =>
  transient ? { kind: 'unreachable', link, message } : { kind: 'forbidden', link, message };
