import { LinkError } from './link-error.ts';
import type { Clock } from './ports.ts';
import { withRun } from './record/merge.ts';
import type { RunRecord } from './record/run-record.ts';
import { Superseded } from './record/shard.ts';
import type { Report } from './report.ts';
import { within } from './within.ts';

/** So long a hub that hangs holds up the end of a pod, which may have little time. Milliseconds. */
const historyMs = 5_000;

/** What has come of the run, for whoever asks the hub. One that can't be written is not missed. */
export async function tellHistory(
  record: RunRecord,
  report: Report,
  { clock, onProgress }: { readonly clock: Clock; readonly onProgress: (line: string) => void },
): Promise<void> {
  const late = (): Error =>
    new LinkError('record', `the hub has not answered within ${historyMs / 1000} s`);
  const { signal } = new AbortController();
  try {
    await within({ clock, ms: historyMs, signal, late }, () =>
      record.tell((history) =>
        withRun(history, report.run, (known) => ({
          run: report.run,
          by: known?.by ?? '',
          ...(known?.reason !== undefined && { reason: known.reason }),
          planDigest: report.planDigest,
          startedAt: known?.startedAt ?? report.startedAt,
          finishedAt: report.finishedAt,
          attempts: known?.attempts ?? 1,
          wavesDone: report.wavesDone,
          failures: report.failures,
          exit: report.exit.name,
          counts: { ...report.counts },
        })),
      ),
    );
  } catch (error) {
    if (!(error instanceof LinkError) && !(error instanceof Superseded)) throw error;
    onProgress(`the history of runs could not be written: ${error.message}`);
  }
}
