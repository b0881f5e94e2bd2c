import fc from 'fast-check';
import { hostile } from '../../iam/support/hostile.ts';

/** What may want to be more than a text to Helm, besides what others take for more. */
const ofTemplates = [
  ...['{{/* x */}}', '{{- fail "x" -}}', '{{', '}}', '{{{', '{{"{{"}}', '{{ "{{" }}', '{{`x`}}'],
  ...['---', '\n---\n', 'a\n---\nb: c\n', '...', '%YAML 1.1', '# Source: x', '\n\n', ' x ', 'a: b'],
  ...['hole0x', 'hole0x: hole0x', '{{ include "x" . }}', '- a', '? a', '&a', '*a', '!!binary x'],
  ...['\u2028', '\u2029', '\u0085', '\ufeff', '\u007f', '\u0080', '\r', '\u0001', '\uffff'],
];

const text = fc.oneof(
  fc.constantFrom(...hostile, ...ofTemplates),
  fc
    .array(fc.constantFrom(...hostile, ...ofTemplates, 'x', ' '), { maxLength: 4 })
    .map((all) => all.join('')),
  fc.string({ unit: 'grapheme' }),
);

/** Anything that JSON holds, with such texts and keys. */
export const hostileJson = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(text, tie('any'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).any;

export const hostileTexts: readonly string[] = [...hostile, ...ofTemplates];
