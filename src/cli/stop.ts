import { controlAnnotations, parseControl } from '../../jobs/restart/record/control.ts';
import { printable } from '../fleet/terminal-text.ts';
import type { CliIo } from './io.ts';
import { changeControl, type Change } from './operate/change.ts';
import type { HubOptions } from './operate/options.ts';
import { runUnderWay, type HubRecord } from './operate/record.ts';

export interface StopOptions extends HubOptions {
  /** The run’s instant. Default: the run under way. */
  readonly run?: string;
}

/**
 * `rollcall stop`: the run under way begins nothing new, in no later attempt either.
 *
 * @throws UserError
 */
export const runStop = (io: CliIo, restart: string, options: StopOptions): Promise<number> =>
  changeControl(io, restart, options, (record, { where }) => stop(record, options.run, where));

function stop(record: HubRecord, wanted: string | undefined, where: string): Change {
  const { run, instant, halted } = runUnderWay(record.content, wanted, where);
  if (halted) {
    const why = printable(halted.message);
    return { annotations: {}, told: `Run ${run} has halted before, and stays so: ${why}\n` };
  }
  const follows = `Run ${run} will begin nothing new (within 10 s); restarts under way are awaited; nothing is undone.\n`;
  if (parseControl(record.annotations, instant).stop) {
    return { annotations: {}, told: `It has been stopped before. ${follows}`, run };
  }
  return {
    annotations: { [controlAnnotations.stop]: run },
    told: `${follows}It stays stopped. The next run does not: that is held back by rollcall pause.\n`,
    anyVersion: true,
    run,
  };
}
