import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { valueExpression } from '../../src/helm/expression.ts';
import type { Json } from '../../src/helm/json.ts';
import { hole, type NodeMap } from '../../src/helm/template.ts';
import { writeTemplates } from '../../src/helm/write-template.ts';
import { hostileJson, hostileTexts } from '../helm/support/hostile-json.ts';
import { writeFiles } from './support/helm/charts.ts';
import { imagined, mustHelm } from './support/helm/helm.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-hostile-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const payloads: readonly Json[] = [
  ...hostileTexts,
  ...hostileTexts.map((text) => ({ [text]: [text, { [text]: text }] })),
  ...(fc.sample(hostileJson, { numRuns: 500, seed: 20261121 }) as Json[]),
];

const chartFile = { path: 'Chart.yaml', text: 'apiVersion: v2\nname: hostile\nversion: 0.1.0\n' };
const inChart = async (files: Parameters<typeof writeFiles>[1], values: Json): Promise<string> => {
  const chart = mkdtempSync(join(folder, 'chart-'));
  writeFiles(chart, [chartFile, ...files]);
  return mustHelm(['template', 'release', chart, ...imagined, '--values', '-'], {
    input: JSON.stringify(values),
  });
};

/** What Helm's own YAML parser reads. */
async function readByHelm(documents: readonly string[]): Promise<readonly unknown[]> {
  const names = documents.map((_, index) => `files/${String(index).padStart(6, '0')}.yaml`);
  const read = `{{- range $path, $_ := .Files.Glob "files/*.yaml" }}
---
json: {{ $.Files.Get $path | fromYaml | toJson | b64enc }}
{{- end }}
`;
  const text = await inChart(
    [
      ...documents.map((document, index) => ({ path: names[index] ?? '', text: document })),
      { path: 'templates/read.yaml', text: read },
    ],
    {},
  );
  return [...text.matchAll(/^json: (.*)$/gm)].map(([, json = '']): unknown =>
    JSON.parse(Buffer.from(json, 'base64').toString('utf8')),
  );
}

/** Objects of Helm's output, as texts. */
const split = (text: string): readonly string[] =>
  text.split(/^---\n# Source: .*\n/m).filter((one) => one.trim() !== '');

it('whatever a text holds, Helm carries it unharmed, beside holes too', async () => {
  const nodes = payloads.map((payload, index): NodeMap => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `payload-${index}`,
      labels: hole({ kind: 'entries', own: {}, more: ['.Values.l'] }),
    },
    value: hole({ kind: 'value', style: 'inline', expression: valueExpression(['a-b', 'c']) }),
    payload: payload,
  }));
  const template = writeTemplates(nodes.map((node) => ({ node, conditions: [] })));
  const value = '{{ fail "x" }} "\'\n---\n';
  const text = await inChart([{ path: 'templates/all.yaml', text: template }], {
    'a-b': { c: value },
    l: { team: 'x' },
  });
  const found = await readByHelm(split(text));
  expect(found).toHaveLength(payloads.length);
  const byName = new Map(
    (found as { readonly metadata: { readonly name: string } }[]).map((one) => [
      one.metadata.name,
      one,
    ]),
  );
  payloads.forEach((payload, index) => {
    const name = `payload-${index}`;
    expect(byName.get(name)).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, labels: { team: 'x' } },
      value,
      payload,
    });
  });
});
