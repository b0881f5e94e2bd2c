import { expect, it } from '@jest/globals';
import { nearest } from '../../src/fleet/suggest.ts';

it.each([
  ['regoin', ['region', 'role'], 'region'],
  ['timezone', ['timeout', 'timeZone'], 'timeZone'],
  ['golf-prod', ['golf-stg', 'golf-prd'], 'golf-prd'],
  ['golf-prx', ['golf-prd', 'golf-prd-2', 'golf-pr'], 'golf-prd'],
  ['soak', ['name', 'env'], undefined],
  ['x', ['name'], undefined],
  ['', ['a'], 'a'],
  ['a'.repeat(65), ['a'.repeat(65)], undefined],
  ['any', [], undefined],
])('the nearest of %j among %j is %s', (word, known, expected) => {
  expect(nearest(word, known)).toBe(expected);
});
