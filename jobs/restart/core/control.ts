import type { Control, Effect } from './events.ts';
import { judgeEvictions } from './evict.ts';
import type { Run } from './state.ts';
import { halt } from './stop.ts';

/** What operators have asked for since it was last read. */
export function onControl(run: Run, control: Control, at: number, effects: Effect[]): void {
  run.approved = new Set(control.approved);
  if (control.paused !== run.paused) {
    run.paused = control.paused;
    const message = run.paused ? 'paused: nothing new is begun' : 'resumed';
    effects.push({ type: 'progress', message });
    if (!run.paused && run.goal.evicts) {
      for (const { index } of run.workloads) judgeEvictions(run, index, at, effects);
    }
  }
  if (control.stop && !run.halted) {
    halt(run, { reason: 'stopped', message: 'stopped by an operator' }, at, effects);
  }
}
