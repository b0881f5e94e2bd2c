import { userInfo } from 'node:os';
import { formatInstant } from '../../jobs/restart/core/instant.ts';
import { controlAnnotations, parseControl } from '../../jobs/restart/record/control.ts';
import { printable } from '../fleet/terminal-text.ts';
import type { CliIo } from './io.ts';
import { changeControl } from './operate/change.ts';
import type { HubOptions } from './operate/options.ts';
import { currentRun, type HubRecord } from './operate/record.ts';

export interface PauseOptions extends HubOptions {
  /** Who pauses it. Default: the user of this machine. */
  readonly by?: string;
}

/** Names are cut to this. Characters. */
const longestName = 100;

/**
 * `rollcall pause`: no run of the restart begins anything new, until it is resumed.
 *
 * @throws UserError
 */
export function runPause(io: CliIo, restart: string, options: PauseOptions): Promise<number> {
  const who = printable(options.by ?? userInfo().username).slice(0, longestName);
  const value = `${formatInstant(io.now())} ${who}`;
  return changeControl(io, restart, options, (record) => {
    if (isPaused(record)) {
      const before = printable(record.annotations[controlAnnotations.pause] ?? '');
      return { annotations: {}, told: `It has been paused before: ${before}\n` };
    }
    return {
      annotations: { [controlAnnotations.pause]: value },
      told: `No run of ${restart} begins anything new, within 10 s, until rollcall resume. Restarts under way are awaited; timeouts go on.\n`,
      anyVersion: true,
    };
  });
}

/**
 * `rollcall resume`: runs go on where they were paused.
 *
 * @throws UserError
 */
export const runResume = (io: CliIo, restart: string, options: HubOptions): Promise<number> =>
  changeControl(io, restart, options, (record) => {
    const current = currentRun(record.content);
    const run = current && !current.over && !current.halted ? { run: current.run } : {};
    if (!isPaused(record)) return { annotations: {}, told: 'It was not paused.\n', ...run };
    return {
      annotations: { [controlAnnotations.pause]: null },
      told: current?.halted
        ? `Runs of ${restart} are no longer paused. Run ${current.run} has halted, and does not go on.\n`
        : `Runs of ${restart} go on, within 10 s.\n`,
      anyVersion: true,
      ...run,
    };
  });

/** Whichever run there is: the pause is the restart’s. */
const isPaused = ({ annotations }: HubRecord): boolean => parseControl(annotations, 0).paused;
