import type { RunEvent } from './core/events.ts';
import type { Run } from './core/state.ts';
import { step } from './core/step.ts';
import { watchControl } from './control.ts';
import { Effector, type EffectorOptions } from './effector.ts';
import type { NewEvent } from './emit.ts';
import type { HeldLease } from './lease/held-lease.ts';

export interface RunnerOptions extends EffectorOptions {
  /**
   * Let go as soon as nothing new may be begun, else by the caller. Absent for a run that may only
   * look.
   */
  readonly lease: HeldLease | undefined;
  /** How long rollouts under way are awaited then. Milliseconds. */
  readonly graceMs: number;
}

/**
 * Carries out what the core decides until every workload has its outcome. All events pass one
 * queue, in the order in which they came.
 *
 * @throws whatever is a defect rather than a link that did not hold
 */
export async function runRestart(run: Run, options: RunnerOptions): Promise<void> {
  const { lease, record, clock } = options;
  const over = new AbortController();
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const queue: RunEvent[] = [];
  let draining = false;
  const emit = (event: NewEvent): void => {
    queue.push({ ...event, at: clock.now() });
    if (draining) return;
    draining = true;
    try {
      for (let next = queue.shift(); next; next = queue.shift()) {
        for (const effect of step(run, next)) effector.perform(effect);
        // Nothing new is begun any more: whoever waits for the Lease may have it.
        if (run.stopped) void lease?.release();
      }
    } catch (error) {
      reject(error);
    } finally {
      draining = false;
    }
  };
  const finish = (): void => {
    resolve(undefined);
  };
  const effector = new Effector(run, options, over.signal, { emit, resolve: finish, reject });
  onTerminate(options.terminate, over.signal, () => {
    emit({ type: 'terminating' });
    effector.after(options.graceMs, over.signal, { type: 'graceOver' });
  });
  lease?.onLost((message) => {
    emit({ type: 'leaseLost', message });
  });
  try {
    if (record) watchControl(record, clock, over.signal, emit, reject);
    else if (!run.dryRun) emit({ type: 'superseded' });
    emit({ type: 'started' });
    await promise;
  } finally {
    over.abort();
    await effector.closeAll();
  }
}

function onTerminate(terminate: AbortSignal, over: AbortSignal, act: () => void): void {
  if (terminate.aborted) queueMicrotask(act);
  else terminate.addEventListener('abort', act, { once: true, signal: over });
}
