import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { prepare } from '../../charts/pipeline.ts';
import { renderTree } from '../../charts/render.ts';
import { recordText } from '../../charts/output-record.ts';
import { encodeShard, noProgress } from '../../jobs/restart/record/format.ts';
import { examples, exampleText } from '../charts/support/examples.ts';
import { codesOf, readPage, tableUnder, type Node } from './markdown.ts';

const page = await readPage('docs/upgrades.md');

const outputOf = (name: (typeof examples)[number]) => {
  const prepared = prepare(exampleText(name), 'fleet.yaml');
  if (prepared.kind === 'invalid') throw new Error(`${name} is not valid`);
  return renderTree(prepared);
};
interface KubeObject {
  readonly apiVersion: string;
  readonly data?: Readonly<Record<string, string>>;
}
const objectsOf = (name: (typeof examples)[number]): readonly KubeObject[] =>
  outputOf(name)
    .files.filter(({ path }) => path.endsWith('.k8s.yaml'))
    .flatMap(({ text }) => parseAllDocuments(text).map((one) => one.toJS() as KubeObject));
const versionIn = (json = '{}'): string =>
  String((JSON.parse(json) as { readonly version?: number }).version);

it('docs/upgrades.md has the version of each format', () => {
  const [fleet, list, plan, record, report] = tableUnder(page, 'Rollcall').map(
    ([, now]) => now && codesOf(now)[0],
  );
  expect(exampleText('seed-000')).toContain(`\napiVersion: ${fleet ?? ''}\n`);
  expect(list).toBe(versionIn(recordText(outputOf('seed-000'))));
  const plans = objectsOf('seed-000').flatMap(({ data }) => data?.['plan.json'] ?? []);
  expect(plans.map(versionIn)).toEqual([plan]);
  const header = { instant: 0, restart: 'a', planDigest: '', jobs: [] };
  const shard = encodeShard({ header, entries: new Map(), progress: noProgress, history: [] });
  expect(record).toBe(versionIn(shard['run.json']));
  const job = readFileSync(new URL('../../jobs/restart/report.ts', import.meta.url), 'utf8');
  expect(job).toMatch(new RegExp(`\\bversion: ${report ?? ''}\\b`));
});

it('docs/upgrades.md names every API of what is generated', () => {
  const apis = new Set(examples.flatMap(objectsOf).map(({ apiVersion }) => apiVersion));
  const isThere = ({ type, children = [] }: Node): boolean =>
    type === 'paragraph' &&
    children.some(({ value }) => value?.startsWith('All that is generated'));
  const paragraph = page.nodes.find(isThere);
  const groups = (paragraph ? codesOf(paragraph) : []).filter((code) => code !== 'v1');
  expect(apis).toEqual(new Set(['v1', ...groups.map((group) => `${group}/v1`)]));
});
