import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsers } from 'prettier/plugins/markdown';
import { chartObjects, helmChart, type HelmChartProps } from '../../src/helm/chart.ts';
import { truth } from '../../src/helm/forms.ts';
import type { Json } from '../../src/helm/json.ts';
import type { Knob } from '../../src/helm/knob.ts';
import { readmeFile } from '../../src/helm/readme.ts';
import { tableOf } from '../../src/helm/table.ts';
import { codeOf, textOf, type Node } from '../docs/markdown.ts';
import { hostileJson, hostileTexts } from './support/hostile-json.ts';
import { allHelmProps } from './support/props.ts';

const named = allHelmProps().map((props) => [`${props.cluster} ${props.kind}`, props] as const);
const readmeOf = (props: HelmChartProps): string =>
  helmChart(props).files.find(({ path }) => path === 'README.md')?.text ?? '';

const parse = async (text: string): Promise<Node> =>
  (await parsers.markdown.parse(text, {} as never)) as Node;
const typesOf = (node: Node): readonly string[] => [
  node.type,
  ...(node.children ?? []).flatMap(typesOf),
];
const rowsOf = (document: Node): readonly (readonly Node[])[] =>
  (document.children ?? [])
    .filter(({ type }) => type === 'table')
    .flatMap(({ children = [] }) => children.slice(1))
    .map(({ children = [] }) => children);

describe.each(named)('%s', (_, props) => {
  it('names chart, cluster and fleet, and each value with default and meaning', async () => {
    const document = await parse(readmeOf(props));
    const [heading, description] = (document.children ?? []).map(textOf);
    expect(heading).toBe(`${props.fleet}-${props.cluster}-${props.kind}`);
    expect(description).toMatch(
      new RegExp(`the cluster ${props.cluster} of the fleet ${props.fleet}\\b`),
    );
    const { knobs } = tableOf(props.kind, chartObjects(props));
    expect(rowsOf(document).map(([name, preset]) => [name, preset].map(codeOf))).toEqual(
      knobs.map(({ path, default: preset }) => [path.join('.'), JSON.stringify(preset)]),
    );
    expect(rowsOf(document).map(([, , meaning]) => meaning && textOf(meaning))).toEqual(
      knobs.map(({ comment }) => comment.replaceAll('`', '')),
    );
  });

  it('installs and takes away one release, outside of the namespaces that the chart makes', async () => {
    const document = await parse(readmeOf(props));
    const [commands] = (document.children ?? []).filter(({ type }) => type === 'code');
    const lines = (commands?.value ?? '').split('\n');
    const hasTests = chartObjects(props).some(({ kind }) => kind === 'Pod');
    expect(lines.map((line) => line.split(' ', 2)[1])).toEqual(
      hasTests ? ['upgrade', 'test', 'uninstall'] : ['upgrade', 'uninstall'],
    );
    const namespaces = lines.map((line) => / --namespace (\S+)/.exec(line)?.[1]);
    expect(new Set(namespaces)).toEqual(new Set(['rollcall-system']));
  });

  it('says which namespaces must be there, and which it makes', () => {
    const text = readmeOf(props);
    const made = props.objects.filter(({ kind }) => kind === 'Namespace');
    const names = made.map(({ metadata }) => metadata.name);
    for (const { metadata } of props.objects) {
      const namespace = metadata['namespace'];
      if (typeof namespace !== 'string' || namespace === 'kube-system') continue;
      const sentence = `The namespace \`${namespace}\` must be there; where another chart`;
      expect([namespace, text.includes(sentence)]).toEqual([namespace, !names.includes(namespace)]);
    }
    for (const name of names)
      expect(text).toMatch(
        new RegExp(`that a chart of the cluster makes, as this one does: .*\`${name}\``),
      );
  });
});

it('a chart that makes rollcall-system is not released in it', () => {
  const metadata = { name: 'rollcall-system', labels: {} };
  const { text } = readmeFile(names, [{ kind: 'Namespace', metadata }], []);
  expect(text).toContain('helm uninstall rollcall-hub --namespace default\n');
});

const names = { fleet: 'a', cluster: 'b', kind: 'hub' } as const;

const knobOf = (path: readonly string[], comment: string, preset: Json): Knob => ({
  path,
  comment,
  default: preset,
  form: truth(true),
  places: [],
});

/** A chart's description of itself, with these texts in all places where a user's may be. */
const withTexts = (text: string, preset: Json, rows = 1) =>
  readmeFile(
    { ...names, fleet: text, cluster: text },
    [{ kind: 'Namespace', metadata: { name: text, namespace: `${text}x`, labels: {} } }],
    Array.from({ length: rows }, () => knobOf([text, 'key'], `Of ${text}.`, preset)),
  ).text;

describe('whatever a name or a value holds', () => {
  it('the document has the same parts', async () => {
    const usual = typesOf(await parse(withTexts('name', 'value', 2)));
    // Prettier's parser knows templates too, which no reader of a README does.
    const inLine = ['text', 'inlineCode', 'sentence', 'word', 'whitespace', 'liquidNode'];
    const isOurs = (types: readonly string[]) => types.filter((type) => !inLine.includes(type));
    const check = async (text: string, preset: Json) => {
      const document = await parse(withTexts(text, preset, 2));
      expect([text, isOurs(typesOf(document))]).toEqual([text, isOurs(usual)]);
      for (const [, own] of rowsOf(document)) {
        expect(JSON.parse(codeOf(own))).toEqual(JSON.parse(JSON.stringify(preset)));
      }
    };
    const nasty = [
      'a | b',
      '`',
      '``` \n# x',
      '<script>',
      '</td>',
      '\n\n# x',
      '[x](y)',
      '![x](y)',
      '\\|',
    ];
    for (const text of [...hostileTexts, ...nasty, 'www.example.com', '&lt;', '<!--', '- [ ] x']) {
      await check(text, text);
      await check(text, { [text]: [text] });
    }
    const some = fc.sample(fc.tuple(fc.string({ unit: 'grapheme' }), hostileJson), 500);
    for (const [text, preset] of some) await check(text, preset as Json);
  });

  it('a sentence says what it says', async () => {
    for (const text of ['a&lt;b', '~~a~~ *b* _c_', 'a | b', 'https://example.com', '\\|', '$a$']) {
      const document = await parse(withTexts(text, text));
      expect(textOf(document.children?.[1] as Node)).toContain(
        `the cluster ${text} of the fleet ${text} `,
      );
      expect(rowsOf(document).map(([, , meaning]) => meaning && textOf(meaning))).toEqual([
        `Of ${text}.`,
      ]);
    }
  });

  it('no character stands there that is not seen, or turns others round', () => {
    for (const text of hostileTexts) {
      expect(withTexts(text, { [text]: text }).replaceAll('\n', '')).not.toMatch(
        /(?! )[\p{C}\p{Z}]/u,
      );
    }
  });
});
