import { pathToFileURL } from 'node:url';
import { createRun } from '../../jobs/restart/core/create.ts';
import { step } from '../../jobs/restart/core/step.ts';
import { judgeLease } from '../../jobs/restart/lease/judge.ts';
import { parseControl } from '../../jobs/restart/record/control.ts';
import { mergeProgress, priorOf } from '../../jobs/restart/record/merge.ts';
import { reportOf } from '../../jobs/restart/report.ts';

/** What decides: all that a mutant may be made of. Everything that checks imports the true one. */
export interface Core {
  readonly createRun: typeof createRun;
  readonly step: typeof step;
  readonly judgeLease: typeof judgeLease;
  readonly parseControl: typeof parseControl;
  readonly mergeProgress: typeof mergeProgress;
  readonly priorOf: typeof priorOf;
  readonly reportOf: typeof reportOf;
}

export const trueCore: Core = {
  createRun,
  step,
  judgeLease,
  parseControl,
  mergeProgress,
  priorOf,
  reportOf,
};

/** The same parts from a copy of `jobs/restart`. */
export async function loadCore(folder: string): Promise<Core> {
  const load = async (file: string): Promise<unknown> =>
    import(pathToFileURL(`${folder}/${file}`).href);
  const parts = await Promise.all(
    [
      'core/create.ts',
      'core/step.ts',
      'lease/judge.ts',
      'record/control.ts',
      'record/merge.ts',
      'report.ts',
    ].map(load),
  );
  return Object.assign({}, ...parts) as Core;
}
