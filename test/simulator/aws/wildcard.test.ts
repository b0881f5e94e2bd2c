import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchesArn, matchesWildcard } from '../../../src/simulator/aws/wildcard.ts';

describe('wildcards', () => {
  const alphabet = fc.constantFrom('a', 'b', '.', '*', '?', '/');
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '/'), maxLength: 12 });

  it('agree with the regular expression that they mean', () => {
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 10 }), text, (pattern, sample) => {
        const meant = pattern.replaceAll('.', '\\.').replaceAll('?', '[^]').replaceAll('*', '[^]*');
        expect(matchesWildcard(pattern, sample)).toBe(new RegExp(`^${meant}$`).test(sample));
      }),
    );
  });

  it('stay fast on a pattern that backtracks', () => {
    expect(matchesWildcard(`${'*a'.repeat(30)}b`, 'a'.repeat(5000))).toBe(false);
  });

  it.each([
    ['arn:aws:iam::*:role/x', 'arn:aws:iam::1:role/x', true],
    ['arn:aws:*:role/x', 'arn:aws:iam::1:role/x', false],
    ['arn:aws:iam::1:*', 'arn:aws:iam::1:a:b', true],
    ['*', 'arn:aws:iam::1:role/x', false],
  ])('ArnLike %s on %s: %s', (pattern, arn, expected) => {
    expect(matchesArn(pattern, arn)).toBe(expected);
  });
});
