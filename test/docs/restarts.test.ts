import { describe, expect, it } from '@jest/globals';
import type { ClusterOutcome } from '../../jobs/restart/cluster-outcome.ts';
import { controlEveryMs } from '../../jobs/restart/control.ts';
import { haltReasons } from '../../jobs/restart/core/events.ts';
import { outcomeKinds, skipReasons } from '../../jobs/restart/core/outcome.ts';
import { blockersHoldMs } from '../../jobs/restart/core/permit.ts';
import { diagnoseEveryMs } from '../../jobs/restart/core/settle-workload.ts';
import { leaseSeconds, renewDeadlineMs, renewEveryMs } from '../../jobs/restart/lease/judge.ts';
import { links } from '../../jobs/restart/link-error.ts';
import { controlAnnotations } from '../../jobs/restart/record/control.ts';
import { encodeShard, noProgress, type PastRun } from '../../jobs/restart/record/format.ts';
import { mostPastRuns } from '../../jobs/restart/record/merge.ts';
import { mostAwayMs } from '../../jobs/restart/record/patience.ts';
import type { Report, ReportLine } from '../../jobs/restart/report.ts';
import { exitCodes } from '../../jobs/restart/exit-code.ts';
import { longestRetryAfterMs, retryRules } from '../../jobs/restart/retry.ts';
import { workloadKinds } from '../../src/fleet/model.ts';
import {
  codeBlocks,
  codesOf,
  namesUnder,
  readPage,
  tablesUnder,
  tableUnder,
  textOf,
} from './markdown.ts';

const page = await readPage('docs/restarts.md');

/** Checked by the compiler: none can be missing or too many. */
const clusterOutcomes = {
  done: true,
  partly: true,
  unreachable: true,
  forbidden: true,
  skipped: true,
  unfinished: true,
} satisfies Record<ClusterOutcome['kind'], true>;

const reportFields = {
  rollcall: true,
  version: true,
  fleet: true,
  restart: true,
  run: true,
  planDigest: true,
  startedAt: true,
  finishedAt: true,
  exit: true,
  halted: true,
  wavesDone: true,
  failures: true,
  counts: true,
  clusters: true,
  workloads: true,
} satisfies Record<keyof Report, true>;

const lineFields = {
  cluster: true,
  namespace: true,
  kind: true,
  name: true,
  outcome: true,
  attempts: true,
  seconds: true,
  notes: true,
} satisfies Record<keyof ReportLine, true>;

describe('docs/restarts.md', () => {
  it.each([
    ['Kinds', workloadKinds],
    ['Outcomes', outcomeKinds],
    ['Reasons to skip', skipReasons],
    ['Reasons to halt', haltReasons],
    ['Clusters', Object.keys(clusterOutcomes)],
    ['Links', links],
    ['The report', Object.keys(reportFields)],
  ])('explains under "%s" what there is, and nothing else', (title, names) => {
    expect(namesUnder(page, title)).toEqual(names);
  });

  it('explains the fields of a workload in the report', () => {
    const [, ofWorkload = []] = tablesUnder(page, 'The report');
    expect(ofWorkload.map(([name]) => name && textOf(name))).toEqual(Object.keys(lineFields));
  });

  it('says how often calls are made again, by the table that the job goes by', () => {
    const [, rows = []] = tablesUnder(page, 'Links');
    const seconds = (text = ''): number => Number(text.replace(/ s$/, '')) * 1000;
    const rules = rows.map((cells) => {
      const [, attempts, base, cap] = cells.map(textOf);
      const [named] = cells;
      return {
        links: named ? codesOf(named) : [],
        attempts: Number(attempts),
        baseMs: seconds(base),
        capMs: seconds(cap),
      };
    });
    expect(rules).toEqual(retryRules);
  });

  it('names the times that are fixed', () => {
    const named = tableUnder(page, 'Fixed times').map(([, time]) => time && textOf(time));
    const ms = [
      leaseSeconds * 1000,
      renewEveryMs,
      renewDeadlineMs,
      mostAwayMs,
      controlEveryMs,
      blockersHoldMs,
      diagnoseEveryMs,
      longestRetryAfterMs,
    ];
    const written = (time: number): string =>
      time > 60_000 ? `${time / 60_000} min` : `${time / 1000} s`;
    expect(named).toEqual(ms.map(written));
  });

  it('names the keys of the run record, and how many runs it remembers', () => {
    const past: PastRun = {
      run: '2026-11-21T02:15:00Z',
      by: 'pod',
      planDigest: '',
      startedAt: '2026-11-21T02:15:00Z',
      attempts: 1,
      wavesDone: 0,
      failures: 0,
    };
    const header = { instant: 0, restart: 'r', planDigest: '', jobs: [] };
    const content = { header, entries: new Map(), progress: noProgress, history: [past] };
    expect(namesUnder(page, 'In the hub')).toEqual(Object.keys(encodeShard(content)));
    const history = tableUnder(page, 'In the hub').at(-1)?.[1];
    expect(history && textOf(history)).toContain(`the last ${mostPastRuns} runs`);
  });

  it('names the annotations by which a run is operated', () => {
    const [, annotations = []] = tablesUnder(page, 'Operating a run');
    const named = annotations.map(([first]) => first && textOf(first));
    expect(named).toEqual(Object.values(controlAnnotations));
  });

  it('shows a report that has the fields of one', () => {
    const [example = ''] = codeBlocks(page, 'json');
    const report = JSON.parse(example) as Report;
    expect(Object.keys(report)).toEqual(Object.keys(reportFields));
    expect(report.exit.code).toBe(exitCodes[report.exit.name]);
    expect(haltReasons).toContain(report.halted?.reason);
    for (const { outcome } of report.clusters) {
      expect(Object.keys(clusterOutcomes)).toContain(outcome.kind);
    }
    for (const line of report.workloads) {
      expect(Object.keys(lineFields)).toEqual(expect.arrayContaining(Object.keys(line)));
      expect(outcomeKinds).toContain(line.outcome.kind);
    }
  });
});
