import type { PastRun } from '../../../jobs/restart/record/format.ts';
import { printable } from '../../fleet/terminal-text.ts';
import { columns } from '../io.ts';
import type { CurrentOverview, Overview } from './overview.ts';
import { nobodyAtWork } from './work.ts';

/** The runs, a row each, and below them what holds the restart back just now. */
export function overviewTable(overview: Overview): string {
  const { runs, current } = overview;
  const rows = runs.map((one) =>
    rowOf(one, overview, one.run === current?.run ? current : undefined),
  );
  const table = [head, ...rows].map((row) => row.map(printable));
  const below = notes(overview).map((note) => `${printable(note)}\n`);
  return [...(rows.length > 0 ? [columns(table)] : []), ...below].join('\n');
}

const head = [
  'RUN',
  'STATE',
  'WAVES',
  'FAILURES',
  'ATTEMPTS',
  'STARTED',
  'FINISHED',
  'BY',
  'REASON',
  'OUTCOMES',
];

function rowOf(past: PastRun, overview: Overview, current: CurrentOverview | undefined) {
  const done = current?.wavesDone ?? past.wavesDone;
  const failures = current ? Math.max(current.failed.length, past.failures) : past.failures;
  const outcomes = Object.entries(past.counts ?? {}).map(([kind, count]) => `${count} ${kind}`);
  return [
    past.run,
    current && !current.over ? stateOf(current, overview) : (past.exit ?? 'cut off'),
    current && current.waves.length > 0 ? `${done}/${current.waves.length}` : String(done),
    String(failures),
    String(past.attempts),
    shortTime(past.startedAt),
    shortTime(past.finishedAt),
    past.by,
    past.reason ?? '-',
    outcomes.join(', ') || '-',
  ];
}

/** One word: the strongest of what holds the run back. */
function stateOf(
  { halted, interrupted, stopped, waitsFor }: CurrentOverview,
  { paused }: Overview,
): string {
  if (halted) return halted.reason === 'stopped' ? 'stopped' : 'halted';
  if (interrupted) return 'interrupted';
  if (stopped) return 'stopping';
  if (paused !== undefined) return 'paused';
  return waitsFor === undefined ? 'running' : 'waiting';
}

function notes({ restart, paused, current }: Overview): readonly string[] {
  const { run = '', halted, interrupted = false, stopped = false, waitsFor } = current ?? {};
  return [
    ...(paused === undefined ? [] : [`Paused: ${paused}. To go on: rollcall resume ${restart}`]),
    ...(halted ? [`Run ${run} has halted (${halted.reason}): ${halted.message}`] : []),
    ...(interrupted ? [nobodyAtWork(run)] : []),
    ...(stopped && !halted && !current?.over
      ? [`Run ${run} is being stopped: restarts under way are awaited.`]
      : []),
    ...(waitsFor === undefined
      ? []
      : [
          `Wave ${waitsFor} begins only once it is approved: rollcall approve ${restart} ${waitsFor}`,
        ]),
  ];
}

/** To the second. */
const shortTime = (time: string | undefined): string => time?.replace(/\.\d+Z$/, 'Z') ?? '-';
