import type { Observed } from '../observed.ts';
import { blame, type Blame } from './blame.ts';
import { formatInstant, parseInstant, parseRun, type Instant } from './instant.ts';
import { rolloutStatus } from './status.ts';

/** What a run wants of each workload: a restart at or after its instant. */
export interface Goal {
  readonly instant: Instant;
  /** A stamp beyond it is a mistake, and meets nothing: it would meet every run until then. */
  readonly horizon: Instant;
  /** A stamp less than so long before the instant is left alone. Milliseconds; 0: no such rule. */
  readonly minIntervalMs: number;
  /** Pods of `OnDelete` workloads are evicted. */
  readonly evicts: boolean;
}

export const meets = (goal: Goal, restarted: Instant | undefined): restarted is Instant =>
  restarted !== undefined && restarted >= goal.instant && restarted <= goal.horizon;

/** What the run record says of a workload, besides what its object says itself. */
export type Memory =
  | { readonly kind: 'none' }
  | {
      /** Written ahead: a patch on this generation may have been sent. */
      readonly kind: 'intended';
      readonly uid: string;
      readonly generation: number;
    }
  | {
      /** The patch landed, and made this generation. */
      readonly kind: 'patched';
      readonly uid: string;
      readonly generation: number;
    };

/** What to make of one observation of a workload. */
export type Verdict =
  /** From before our own patch: says nothing. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'patch' }
  /** Not to be restarted, by a rule of its owner or of the plan. */
  | { readonly kind: 'left'; readonly reason: LeftReason; readonly message: string }
  | { readonly kind: 'rolling'; readonly message: string }
  | { readonly kind: 'evict'; readonly message: string }
  | { readonly kind: 'complete'; readonly stamp: string; readonly partial?: string }
  | { readonly kind: 'failed'; readonly message: string }
  | ({ readonly kind: 'reverted'; readonly message: string } & Blame);

export type LeftReason = 'optedOut' | 'paused' | 'onDelete' | 'recent';

/**
 * The rule of the stamp. A run is met when the stamp is at or after its instant, whoever set it.
 * Where the stamp is older or gone, `rollcall.dev/run` on the object tells a stamp that was undone
 * from one never set; where a full replace took both, the run record does.
 *
 * @param stampedAt when the stamp was written, where this attempt has seen it
 */
export function judge(
  observed: Observed,
  goal: Goal,
  recorded: Memory,
  stampedAt?: string,
): Verdict {
  // A workload made anew under the same name has no history with us.
  const memory: Memory =
    recorded.kind !== 'none' && recorded.uid === observed.uid ? recorded : { kind: 'none' };
  if (memory.kind === 'patched' && observed.generation < memory.generation) {
    return { kind: 'stale' };
  }
  const stamp = parseInstant(observed.stamp);
  if (meets(goal, stamp)) return judgeRollout(observed, goal, stamp);
  const undone = wasUndone(observed, goal, memory) ?? wasMadeAnew(observed, recorded);
  if (undone !== undefined) {
    const since = stampedAt ?? ourWrite(observed, goal);
    return { kind: 'reverted', ...blame(observed, since), message: undone };
  }
  return leftAlone(observed, goal, stamp) ?? { kind: 'patch' };
}

function leftAlone(
  observed: Observed,
  goal: Goal,
  stamp: Instant | undefined,
): Verdict | undefined {
  if (observed.optedOut) {
    return left('optedOut', 'its owner has annotated it with rollcall.dev/restart: never');
  }
  if (isPaused(observed))
    return left('paused', `the ${observed.kind} is paused: it would not roll out`);
  if (isOnDelete(observed) && !goal.evicts) {
    return left('onDelete', 'its pods are replaced only when someone deletes them (OnDelete)');
  }
  const age = stamp === undefined ? undefined : goal.instant - stamp;
  if (age !== undefined && age >= 0 && age < goal.minIntervalMs) {
    return left('recent', `restarted at ${observed.stamp ?? ''}, within the minimum interval`);
  }
  return undefined;
}

function judgeRollout(observed: Observed, goal: Goal, stamp: Instant): Verdict {
  const status = rolloutStatus(observed);
  switch (status.kind) {
    case 'done':
      return { kind: 'complete', stamp: formatInstant(stamp) };
    case 'partial':
      return { kind: 'complete', stamp: formatInstant(stamp), partial: status.message };
    case 'failed':
      return status;
    case 'evictable':
      return goal.evicts
        ? { kind: 'evict', message: status.message }
        : left('onDelete', `stamped, but ${status.message}`);
    case 'waiting':
      return isPaused(observed)
        ? left('paused', `the ${observed.kind} was paused in the middle of its rollout`)
        : { kind: 'rolling', message: status.message };
  }
}

const left = (reason: LeftReason, message: string): Verdict => ({ kind: 'left', reason, message });

/** A Rollout restarts also while it is paused. */
const isPaused = (observed: Observed): boolean => observed.kind === 'Deployment' && observed.paused;

const isOnDelete = (observed: Observed): boolean =>
  (observed.kind === 'StatefulSet' || observed.kind === 'DaemonSet') &&
  observed.strategy === 'OnDelete';

function wasUndone(observed: Observed, goal: Goal, memory: Memory): string | undefined {
  if (meets(goal, parseRun(observed.run)?.instant)) {
    return `the stamp of run ${observed.run ?? ''} is gone`;
  }
  switch (memory.kind) {
    case 'none':
      return undefined;
    case 'patched':
      return 'the object was replaced after it was stamped: stamp and run are gone';
    case 'intended':
      // Our patch and what wiped it make two generations. One alone is someone else's change, on
      // which our patch, made for the version before, can't land any more. After two or more either
      // may be so: restarting at most once, we do not try again.
      return observed.generation > memory.generation + 1
        ? 'the object was changed after its restart was begun, and carries no stamp'
        : undefined;
  }
}

/** Whoever makes it anew when it is stamped would do so again: it is not fought over either. */
const wasMadeAnew = (observed: Observed, recorded: Memory): string | undefined =>
  recorded.kind === 'patched' && recorded.uid !== observed.uid
    ? 'the object was deleted and made anew after it was stamped'
    : undefined;

/** When the run that the object tells of was written to it. */
const ourWrite = ({ run, managers }: Observed, goal: Goal): string | undefined =>
  meets(goal, parseRun(run)?.instant)
    ? managers.find(({ manager }) => manager === 'rollcall')?.time
    : undefined;
