import type { Observed } from '../ports.ts';
import { formatInstant, parseInstant, parseRun, type Instant } from './instant.ts';
import { rolloutStatus } from './rollout-status.ts';

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
  | { readonly kind: 'paused' }
  | { readonly kind: 'rolling'; readonly message: string }
  | { readonly kind: 'complete'; readonly stamp: string }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'reverted'; readonly by?: string; readonly message: string };

/**
 * The rule of the stamp. A run is met when the template's stamp is at or after its instant, whoever
 * set it. Where the stamp is older or gone, `rollcall.dev/run` on the object tells a stamp that was
 * undone from one never set; where a full replace took both, the run record does.
 */
export function judge(observed: Observed, instant: Instant, recorded: Memory): Verdict {
  // A Deployment made anew under the same name has no history with us.
  const memory: Memory =
    recorded.kind !== 'none' && recorded.uid === observed.uid ? recorded : { kind: 'none' };
  if (memory.kind === 'patched' && observed.generation < memory.generation) {
    return { kind: 'stale' };
  }
  const stamp = parseInstant(observed.stamp);
  if (stamp !== undefined && stamp >= instant) return judgeRollout(observed, stamp);
  const undone = wasUndone(observed, instant, memory);
  if (undone !== undefined) {
    const by = lastWriter(observed);
    return { kind: 'reverted', ...(by === undefined ? {} : { by }), message: undone };
  }
  return observed.paused ? { kind: 'paused' } : { kind: 'patch' };
}

function judgeRollout(observed: Observed, stamp: Instant): Verdict {
  const status = rolloutStatus(observed);
  switch (status.kind) {
    case 'done':
      return { kind: 'complete', stamp: formatInstant(stamp) };
    case 'failed':
      return status;
    case 'waiting':
      return observed.paused ? { kind: 'paused' } : { kind: 'rolling', message: status.message };
  }
}

function wasUndone(observed: Observed, instant: Instant, memory: Memory): string | undefined {
  const run = parseRun(observed.run);
  if (run && run.instant >= instant) {
    return `the stamp of run ${observed.run ?? ''} is gone from the pod template`;
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

/** The manager with the newest write, ours and the Deployment controller's left out. */
function lastWriter(observed: Observed): string | undefined {
  const others = observed.managers.filter(
    ({ manager }) => manager !== 'rollcall' && manager !== 'kube-controller-manager',
  );
  return others.reduce<(typeof others)[number] | undefined>(
    (latest, one) => (latest === undefined || one.time >= latest.time ? one : latest),
    undefined,
  )?.manager;
}
