import { expect, it } from '@jest/globals';
import { iamForms } from '../../src/fleet/model.ts';
import { mechanisms } from '../../src/identities/mechanisms.ts';
import { namesUnder, readPage, tablesUnder, textOf } from './markdown.ts';

const identities = await readPage('docs/identities.md');
const iam = await readPage('docs/iam.md');

it('docs/identities.md compares every mechanism', () => {
  const [rows = []] = tablesUnder(identities, 'Identities');
  const named = rows.map(([first]) => (first ? textOf(first) : '').split(/[:\s]/)[0]);
  expect([...new Set(named)].sort()).toEqual(Object.keys(mechanisms).sort());
});

it('docs/iam.md explains every form', () => {
  expect([...namesUnder(iam, 'Forms')].sort()).toEqual([...iamForms].sort());
});
