import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { prepare } from '../../charts/pipeline.ts';
import { renderTree } from '../../charts/render.ts';
import { detailedNothingToDo, exitCodes } from '../../jobs/restart/exit-code.ts';
import { codeOf, readPage, root, tableUnder, textOf } from './markdown.ts';

interface CronJob {
  readonly kind: string;
  readonly spec: {
    readonly jobTemplate: {
      readonly spec: {
        readonly backoffLimit: number;
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

const page = await readPage('docs/restarts.md');
const rows = tableUnder(page, 'Exit codes').map(([code, name, , inCronJob]) => ({
  code: Number(codeOf(code)),
  name: codeOf(name),
  inCronJob: inCronJob && textOf(inCronJob),
}));

describe('docs/restarts.md', () => {
  it('explains every exit code by its name', () => {
    const documented = rows.map(({ code, name }) => [name, code]);
    expect(documented).toEqual([
      ...Object.entries(exitCodes),
      ['nothingToDo', detailedNothingToDo],
    ]);
  });

  it('calls those final on which the CronJob fails its Job, and says how often it retries', () => {
    const { backoffLimit, podFailurePolicy } = cronJobOfExample().spec.jobTemplate.spec;
    const final = podFailurePolicy.rules
      .filter(({ action }) => action === 'FailJob')
      .flatMap(({ onExitCodes }) => onExitCodes?.values ?? []);
    expect(rows.filter(({ inCronJob }) => inCronJob === 'final').map(({ code }) => code)).toEqual(
      final,
    );
    const retried = rows.filter(({ inCronJob }) => inCronJob === 'retried');
    expect(retried.map(({ code }) => code)).toEqual(
      [...new Set(Object.values(exitCodes))].filter((code) => code !== 0 && !final.includes(code)),
    );
    const codes = page.nodes.map(({ value }) => value);
    expect(codes).toContain(`backoffLimit: ${backoffLimit}`);
  });
});

function cronJobOfExample(): CronJob {
  const prepared = prepare(readFileSync(`${root}examples/seed-000.yaml`, 'utf8'), 'fleet.yaml');
  if (prepared.kind !== 'ready') throw new Error('the example is not sound');
  const cronJob = renderTree(prepared)
    .files.filter(({ path }) => path.endsWith('.k8s.yaml'))
    .flatMap(({ text }) => parseAllDocuments(text).map((one) => one.toJS() as CronJob))
    .find(({ kind }) => kind === 'CronJob');
  if (!cronJob) throw new Error('the example has no CronJob');
  return cronJob;
}
