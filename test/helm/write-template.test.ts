import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { Json } from '../../src/helm/json.ts';
import { hole, type Filling, type NodeMap } from '../../src/helm/template.ts';
import { writeTemplate, writeTemplates } from '../../src/helm/write-template.ts';
import { hostileJson } from './support/hostile-json.ts';

const alone = (node: NodeMap) => writeTemplate({ node, conditions: [] });
const holed = (filling: Filling, others: NodeMap = { name: 'x' }) =>
  alone({ ...others, holed: hole(filling) });

/** What text/template makes of a template whose only actions are literal texts. */
function evaluate(template: string): string {
  return template
    .split(/(\{\{ "\{\{" \}\})/)
    .map((part, index) => {
      if (index % 2 === 1) return '{{';
      if (part.includes('{{')) throw new Error(`an action: ${part}`);
      return part;
    })
    .join('');
}

describe('what is no hole', () => {
  it('is carried unharmed, whatever it holds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), hostileJson, { noNullPrototype: true }), (object) => {
        const text = evaluate(alone(object as NodeMap));
        expect(parse(text, { version: '1.1' })).toEqual(object);
        // Helm splits a file at such lines, wherever they stand.
        expect(text).not.toMatch(/^---/m);
      }),
    );
  });

  it('is carried unharmed beside holes', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), hostileJson, { noNullPrototype: true }), (others) => {
        const own = Object.fromEntries(Object.entries(others).filter(([key]) => key !== 'holed'));
        const text = holed(
          { kind: 'value', style: 'inline', expression: '.Values.x' },
          own as NodeMap,
        );
        const actions = text.match(/\{\{ \.Values\.x \| toJson \}\}/g);
        expect(actions).toEqual(['{{ .Values.x | toJson }}']);
        const filled = evaluate(text.replace('{{ .Values.x | toJson }}', '"filled"'));
        expect(parse(filled, { version: '1.1' })).toEqual({ ...own, holed: 'filled' });
      }),
    );
  });

  it('may look like a mark', () => {
    const texts = ['hole0x', 'hole', 'holee0x', 'hole1x: hole1x'];
    const text = holed(
      { kind: 'value', style: 'inline', expression: '.Values.x' },
      { texts, hole0x: 'hole0x' },
    );
    expect(parse(text.replace('{{ .Values.x | toJson }}', 'y'))).toEqual({
      texts,
      hole0x: 'hole0x',
      holed: 'y',
    });
  });
});

describe('a hole', () => {
  const cases: readonly (readonly [string, Filling, string])[] = [
    [
      'a text',
      { kind: 'value', style: 'inline', expression: '.Values.x' },
      'name: x\nholed: {{ .Values.x | toJson }}\n',
    ],
    [
      'a map or a list',
      { kind: 'value', style: 'block', expression: '.Values.x' },
      'name: x\nholed:\n  {{- .Values.x | toYaml | nindent 2 }}\n',
    ],
    [
      'a text that may not be there',
      { kind: 'optional', style: 'inline', expression: '.Values.x' },
      'name: x\n{{- with .Values.x }}\nholed: {{ . | toJson }}\n{{- end }}\n',
    ],
    [
      'a map or a list that may not be there',
      { kind: 'optional', style: 'block', expression: '.Values.x' },
      'name: x\n{{- with .Values.x }}\nholed:\n  {{- . | toYaml | nindent 2 }}\n{{- end }}\n',
    ],
    [
      'more entries',
      { kind: 'entries', own: { a: 'b' }, more: ['.Values.x'] },
      'name: x\nholed:\n  a: b\n  {{- with .Values.x }}\n  {{- toYaml . | nindent 2 }}\n  {{- end }}\n',
    ],
    [
      'entries of two, where there are none',
      { kind: 'entries', own: {}, more: ['.Values.x', 'index .Values "a-b" "c"'] },
      'name: x\n{{- with mergeOverwrite (dict) .Values.x (index .Values "a-b" "c") }}\nholed:\n  {{- . | toYaml | nindent 2 }}\n{{- end }}\n',
    ],
    [
      'more elements',
      { kind: 'items', own: [{ a: 'b' }], more: '.Values.x' },
      'name: x\nholed:\n  - a: b\n  {{- with .Values.x }}\n  {{- toYaml . | nindent 2 }}\n  {{- end }}\n',
    ],
  ];

  it.each(cases)('for %s', (_, filling, text) => {
    expect(holed(filling)).toBe(text);
  });

  it('in the first key of a list’s element is indented as the key is', () => {
    const filling: Filling = { kind: 'value', style: 'block', expression: '.Values.x' };
    expect(alone({ list: [{ first: hole(filling), second: 1 }] })).toBe(
      'list:\n  - first:\n      {{- .Values.x | toYaml | nindent 6 }}\n    second: 1\n',
    );
  });

  it('that may not be there can’t be the first key of a list’s element', () => {
    const filling: Filling = { kind: 'optional', style: 'inline', expression: '.Values.x' };
    expect(() => alone({ list: [{ first: hole(filling), second: 1 }] })).toThrow('first');
  });
});

it('objects are a file, each with its condition', () => {
  const one = (kind: string, ...conditions: readonly string[]) => ({ node: { kind }, conditions });
  expect(
    writeTemplates([one('A'), one('B', '.Values.b'), one('C', '.Values.b', '.Values.c')]),
  ).toBe(
    'kind: A\n---\n{{- if .Values.b }}\nkind: B\n{{- end }}\n---\n{{- if and .Values.b .Values.c }}\nkind: C\n{{- end }}\n',
  );
});

it('a shared part is written out twice: Helm’s parser takes aliases, but nobody reads them', () => {
  const labels: Json = { a: 'b' };
  expect(alone({ one: labels, other: labels })).not.toMatch(/[&*]/);
});
