import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Diagnostic } from '../../src/fleet/diagnostic.ts';
import { formatCount, formatDiagnostic, formatDiagnostics } from '../../src/fleet/format.ts';

const diagnostic = (source: string, column: number, found = 'the key "x"'): Diagnostic => ({
  code: 'fleet/unknown-key',
  path: ['x'],
  file: 'fleet.yaml',
  line: 12,
  column,
  source,
  found,
  expected: 'one of: a, b',
  next: 'Remove it.',
});

const lines = (given: Diagnostic) => formatDiagnostic(given, { color: false }).split('\n');

it('shows code, place, source line, caret, found, expected and next step', () => {
  expect(formatDiagnostic(diagnostic('  x: 1', 3), { color: false })).toBe(
    [
      'fleet/unknown-key fleet.yaml:12:3',
      '  12 |   x: 1',
      '     |   ^',
      '  found:    the key "x"',
      '  expected: one of: a, b',
      '  next:     Remove it.',
    ].join('\n'),
  );
});

it('says the same in colour', () => {
  const given = diagnostic('  x: 1', 3);
  const colored = formatDiagnostic(given, { color: true });
  expect(colored).not.toBe(stripVTControlCharacters(colored));
  expect(stripVTControlCharacters(colored)).toBe(formatDiagnostic(given, { color: false }));
});

describe('the caret stands under its character', () => {
  it.each([
    ['\tx: 1', 2, '  x: 1', '  ^'],
    ['名前: x', 5, '名前: x', '      ^'],
    ['e\u0301: x', 5, 'e\u0301: x', '   ^'],
    ['👩‍👩‍👧: x', 11, '\\u{200d}', undefined],
    ['a\u001b[2J: x', 8, 'a\\u{1b}[2J: x', '            ^'],
    ['a\u202e: x', 5, 'a\\u{202e}: x', '           ^'],
    ['x:', 3, 'x:', '  ^'],
    [
      `${'a'.repeat(100)}X${'b'.repeat(200)}`,
      101,
      `…${'a'.repeat(60)}X${'b'.repeat(79)}…`,
      `${' '.repeat(61)}^`,
    ],
  ])('%j at %i', (source, column, shown, caret) => {
    const [, text = '', mark] = lines(diagnostic(source, column));
    expect(text).toContain(shown);
    if (caret !== undefined) expect([text, mark]).toEqual([`  12 | ${shown}`, `     | ${caret}`]);
  });
});

it('never lets a character of the file act on the terminal', () => {
  const harmless = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*$/u;
  const anyText = fc.string({ unit: 'binary', maxLength: 40 });
  const hostile = fc.string({
    unit: fc.constantFrom('\u001b', '\u202e', '\u200b', '\ud83d', 'a', '\n', '名', '\t'),
  });
  fc.assert(
    fc.property(fc.oneof(anyText, hostile), fc.nat(50), (source, column) => {
      for (const line of lines(diagnostic(source, Math.min(column, source.length) + 1, source))) {
        expect(line).toMatch(harmless);
      }
    }),
  );
});

it('ends with the count', () => {
  const one = diagnostic('x', 1);
  expect(formatCount([one])).toBe('1 error in fleet.yaml');
  expect(formatDiagnostics([one, one], { color: false })).toMatch(
    /Remove it\.\n\n2 errors in fleet\.yaml\n$/,
  );
});
