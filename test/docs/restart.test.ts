import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { prepare } from '../../charts/pipeline.ts';
import { renderOutput } from '../../charts/render.ts';
import { outcomeKinds, skipReasons } from '../../jobs/restart/core/outcome.ts';
import { exitCodes } from '../../jobs/restart/exit-code.ts';
import { links } from '../../jobs/restart/link-error.ts';
import type { Report } from '../../jobs/restart/report.ts';
import { codeBlocks, codeOf, namesUnder, readPage, root, tableUnder, textOf } from './markdown.ts';

const page = await readPage('docs/restart.md');

/** Checked by the compiler: no field can be missing or too many. */
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
  counts: true,
  workloads: true,
} satisfies Record<keyof Report, true>;

describe('docs/restart.md', () => {
  it.each([
    ['Outcomes', outcomeKinds],
    ['Reasons to skip', skipReasons],
    ['Links', links],
    ['The report', Object.keys(reportFields)],
  ])('explains under "%s" what there is, and nothing else', (title, names) => {
    expect(namesUnder(page, title)).toEqual(names);
  });

  it('explains every exit code by its name', () => {
    const rows = tableUnder(page, 'Exit codes').map(([code, name]) => [
      name ? codeOf(name) : '',
      Number(code ? codeOf(code) : NaN),
    ]);
    expect(Object.fromEntries(rows)).toEqual(exitCodes);
    expect(rows).toHaveLength(Object.keys(exitCodes).length);
  });

  it('calls those exit codes final on which the CronJob fails its Job', () => {
    const final = tableUnder(page, 'Exit codes')
      .filter(([, , , inCronJob]) => inCronJob && textOf(inCronJob) === 'final')
      .map(([code]) => Number(code ? codeOf(code) : NaN));
    expect(final).toEqual(finalExitCodes());
  });

  it('has the options of the job', () => {
    const help = execFileSync(process.execPath, ['jobs/restart/main.ts', '--help'], {
      cwd: root,
      encoding: 'utf8',
      env: { NODE_NO_WARNINGS: '1' },
    });
    const options = [...help.matchAll(/^ {2}(--[\w-]+ <\w+>)/gm)].map(([, option]) => option);
    expect(options).toContain('--plan <file>');
    expect(namesUnder(page, 'Options')).toEqual(options);
  });

  it('shows a report that has the fields of one', () => {
    const [example = ''] = codeBlocks(page, 'json');
    const report = JSON.parse(example) as Report;
    expect(Object.keys(report)).toEqual(Object.keys(reportFields));
    expect(report.exit.code).toBe(exitCodes[report.exit.name]);
    for (const { outcome } of report.workloads) expect(outcomeKinds).toContain(outcome.kind);
  });
});

interface CronJob {
  readonly kind: string;
  readonly spec: {
    readonly jobTemplate: {
      readonly spec: {
        readonly podFailurePolicy: {
          readonly rules: readonly {
            readonly action: string;
            readonly onExitCodes?: { readonly values: readonly number[] };
          }[];
        };
      };
    };
  };
}

/** Of the CronJob that the example fleet gets. */
function finalExitCodes(): readonly number[] {
  const prepared = prepare(readFileSync(`${root}examples/seed-000.yaml`, 'utf8'), 'fleet.yaml');
  if (prepared.kind !== 'ready') throw new Error('the example is not sound');
  const cronJob = renderOutput(prepared.graph, prepared.iam)
    .filter(({ path }) => path.endsWith('.k8s.yaml'))
    .flatMap(({ text }) => parseAllDocuments(text).map((one) => one.toJS() as CronJob))
    .find(({ kind }) => kind === 'CronJob');
  const rules = cronJob?.spec.jobTemplate.spec.podFailurePolicy.rules ?? [];
  return rules
    .filter(({ action }) => action === 'FailJob')
    .flatMap(({ onExitCodes }) => onExitCodes?.values ?? []);
}
