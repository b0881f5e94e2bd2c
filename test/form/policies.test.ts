import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { placeholders, unknownPlaceholder } from '../../src/form/policy-forms.ts';
import { wildcardMatches } from '../../src/names/wildcard.ts';

describe('wildcards', () => {
  const letters = (...signs: string[]) =>
    fc.string({ unit: fc.constantFrom(...signs), maxLength: 8 });

  it('match what a regular expression of the same meaning does', () => {
    fc.assert(
      fc.property(
        letters('a', 'B', ':', '*', '?'),
        letters('a', 'A', 'b', ':'),
        (pattern, text) => {
          const source = pattern.replaceAll('*', '.*').replaceAll('?', '.');
          expect(wildcardMatches(pattern, text)).toBe(new RegExp(`^${source}$`, 'i').test(text));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('take no exponential time', () => {
    expect(wildcardMatches('*a?'.repeat(4000), 'a'.repeat(4000))).toBe(false);
  });
});

describe('placeholders', () => {
  const known = placeholders.map((name) => `{${name}}`);
  const variables = ['${aws:username}', "${aws:PrincipalTag/team, 'none'}", '${*}', '${$}'];

  it('that are known, and IAM’s variables, are no faults', () => {
    const texts = fc.array(fc.constantFrom(...known, ...variables, 'arn', ':', '/', '$$', '*'));
    fc.assert(
      fc.property(texts, (parts) => {
        // Side by side a dollar would make a variable of a placeholder.
        expect(unknownPlaceholder(parts.join(' '))).toBeUndefined();
      }),
    );
  });

  it('that are filled in leave no brace but those of variables', () => {
    const pieces = fc.constantFrom(
      ...known,
      ...variables,
      '{',
      '}',
      '$',
      '{x}',
      '${env}',
      'a',
      ',',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 6 }), (parts) => {
        const text = parts.join('');
        const left = text
          .replace(/\$\{(?:[*?$]|aws:[\w/]+(?:, 'none')?)\}/g, ' ')
          .replace(/(?<!\$)\{[a-z]+\}/g, (found) => (known.includes(found) ? '' : found));
        expect(unknownPlaceholder(text) === undefined).toBe(!/[{}]/.test(left));
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['arn:aws:s3:::{bucket}', '{bucket}'],
    ['{env', '{env'],
    ['env}', '}'],
    ['${env}', '${env}'],
    ['{{env}}', '{'],
    ['${aws:username', '${aws:username'],
  ])('%s: %s is none', (text, unknown) => {
    expect(unknownPlaceholder(text)).toBe(unknown);
  });
});
