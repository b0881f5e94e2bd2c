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
      /** Stamped and rolled out as far as its owner lets it: some pods are older than the stamp. */
      readonly kind: 'partial';
      readonly stamp: string;
      readonly lastSeen: string;
      readonly message: string;
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
  | {
      readonly kind: 'failed';
      readonly message: string;
      /** It was failing before this run touched it: not held against the failure budget. */
      readonly before?: true;
    }
  | { readonly kind: 'timedOut'; readonly message: string }
  | { readonly kind: 'skipped'; readonly reason: SkipReason; readonly message: string }
  | {
      /** Another object restarts its pods: `Rollout web`. */
      readonly kind: 'delegated';
      readonly to: string;
      /** That object is part of the plan. */
      readonly planned: boolean;
      readonly message: string;
    }
  /** A dry run: it would be restarted. */
  | { readonly kind: 'wouldRestart'; readonly message: string }
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

export const skipReasons = [
  /** The Deployment is paused. */
  'paused',
  /** Its pods are replaced only when someone deletes them. */
  'onDelete',
  /** Its owner wants no restarts: `rollcall.dev/restart: never`. */
  'optedOut',
  /** Restarted less than the minimum interval before. */
  'recent',
  /** What it comes after was not proved. */
  'after',
  /** The fleet file pauses its cluster. */
  'clusterPaused',
  /** The time of its cluster was over before its turn. */
  'clusterTimeout',
  /** Its cluster, or with `preflight: all` another one, failed the examination. */
  'preflight',
  /** Nothing of an earlier wave came up. */
  'wave',
  /** A later run of the restart has begun. */
  'superseded',
  /** The failure budget is used up, or a gate was not passed. */
  'halted',
  /** `rollcall stop`. */
  'stopped',
  /** No window is open. */
  'window',
  /** A blocker did not fall silent. */
  'blocked',
  /** The Lease was lost to another pod. */
  'lock',
  /** The run's own timeout. */
  'runTimeout',
  /** Told to end. */
  'interrupted',
] as const;
export type SkipReason = (typeof skipReasons)[number];

export const outcomeKinds = [
  'restarted',
  'alreadyRestarted',
  'partial',
  'reverted',
  'failed',
  'timedOut',
  'skipped',
  'delegated',
  'wouldRestart',
  'forbidden',
  'unreachable',
  'missing',
] as const satisfies readonly Outcome['kind'][];

/** Nobody has to do anything about it. */
export function isWell(outcome: Outcome): boolean {
  switch (outcome.kind) {
    case 'restarted':
    case 'alreadyRestarted':
    case 'wouldRestart':
      return true;
    case 'delegated':
      return outcome.planned;
    case 'skipped':
      return outcome.reason === 'optedOut' || outcome.reason === 'recent';
    case 'partial':
    case 'reverted':
    case 'failed':
    case 'timedOut':
    case 'forbidden':
    case 'unreachable':
    case 'missing':
      return false;
  }
}

/** Whether another attempt at the same run may end better without anyone changing anything. */
export const isRetryable = (outcome: Outcome): boolean =>
  outcome.kind === 'unreachable' ||
  (outcome.kind === 'skipped' && (outcome.reason === 'interrupted' || outcome.reason === 'lock'));

/** Whether it uses up the failure budget. */
export const countsAsFailure = (outcome: Outcome): boolean =>
  (outcome.kind === 'failed' && outcome.before !== true) ||
  outcome.kind === 'timedOut' ||
  outcome.kind === 'reverted';

/** A link that did not hold, as data. */
export interface Trouble {
  readonly link: Link;
  readonly transient: boolean;
  readonly message: string;
}

/** A link that did not hold, as the outcome of a workload behind it. */
export const troubleOutcome = ({ link, transient, message }: Trouble): Outcome =>
  transient ? { kind: 'unreachable', link, message } : { kind: 'forbidden', link, message };
