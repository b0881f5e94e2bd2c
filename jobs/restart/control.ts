import { LinkError } from './link-error.ts';
import type { Emit } from './emit.ts';
import type { Clock } from './ports.ts';
import { parseControl } from './record/control.ts';
import type { RunRecord } from './record/run-record.ts';
import { Superseded } from './record/shard.ts';

/** How often the run record is asked what operators want. Milliseconds. */
export const controlEveryMs = 10_000;

/**
 * Tells what operators have asked for, from now on and whenever it changes. While the record does
 * not answer, what was asked last holds.
 */
export function watchControl(
  record: RunRecord,
  clock: Clock,
  signal: AbortSignal,
  emit: Emit,
  reject: (error: unknown) => void,
): void {
  let told = '';
  const tell = (annotations: Readonly<Record<string, string>>): void => {
    const control = parseControl(annotations, record.instant);
    const text = JSON.stringify(control);
    if (text === told || (told === '' && text === nothing)) return;
    told = text;
    emit({ type: 'control', control });
  };
  const follow = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(controlEveryMs, signal);
      try {
        tell(await record.annotations());
      } catch (error) {
        if (error instanceof Superseded) {
          emit({ type: 'superseded' });
          return;
        }
        if (!(error instanceof LinkError)) throw error;
      }
    }
  };
  tell(record.lastAnnotations);
  follow().catch((error: unknown) => {
    if (!signal.aborted) reject(error);
  });
}

const nothing = JSON.stringify({ stop: false, paused: false, approved: [] });
