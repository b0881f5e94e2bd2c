import type { Observed } from '../observed.ts';
import { note } from './budget.ts';
import type { Effect } from './events.ts';
import type { Run, WorkloadState } from './state.ts';
import { rolloutStatus } from './status.ts';

/** What an operator should know of a workload before it is restarted. */
export function notesOn(observed: Observed): readonly string[] {
  const notes: string[] = [];
  if (observed.replicas === 0) notes.push('has no replicas: there is nothing to wait for');
  if (observed.kind === 'Deployment' && observed.strategy === 'Recreate') {
    notes.push('Recreate: all its pods are away at once');
  } else if (observed.kind !== 'DaemonSet' && observed.replicas === 1) {
    notes.push('has a single replica');
  }
  if (observed.kind === 'StatefulSet' && observed.partition > 0) {
    notes.push(`partition ${observed.partition}: pods with a lower ordinal are not restarted`);
  }
  if (observed.gitOps !== undefined) notes.push(`is applied by ${observed.gitOps}`);
  return notes;
}

/** How it stands before its restart: what goes wrong later may have been wrong before. */
export function noteBefore(run: Run, workload: WorkloadState, effects: Effect[]): void {
  const { seen, notes } = workload;
  if (!seen || workload.attempts > 0) return;
  for (const note of notesOn(seen)) notes.add(note);
  const status = rolloutStatus(seen);
  if (status.kind === 'failed') {
    notes.add(`was failing before: ${status.message}`);
    if (run.failingBefore.has(workload.key)) return;
    run.failingBefore.add(workload.key);
    if (run.plan.strategy.failureBudget) note(run, effects);
  }
  if (status.kind === 'waiting') notes.add(`was not up before: ${status.message}`);
}
