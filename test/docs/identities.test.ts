import { describe, expect, it } from '@jest/globals';
import { iamForms } from '../../src/fleet/model.ts';
import { permittedExpression } from '../../src/identities/kiam/expression.ts';
import { mechanisms } from '../../src/identities/mechanisms.ts';
import { arn } from '../identities/kube2iam/role-arns.ts';
import { kiamPermits } from '../identities/kiam/matcher.ts';
import { codesOf, namesUnder, nodesUnder, readPage, tablesUnder, textOf } from './markdown.ts';

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

describe('docs/identities.md merges what a namespace permits by kiam so that it permits just both', () => {
  const [merge = ''] = nodesUnder(identities, 'Namespaces of others')
    .flatMap(codesOf)
    .filter((code) => code.includes('(?:A|B)'));
  const base = 'arn:aws:iam::000000000001:role/';
  const ours = permittedExpression([{ name: arn(`${base}ours`), arn: arn(`${base}ours`) }], 'v4');
  const permitsBy = (form: string, theirs: string, matching: 'v4' | 'v4-loose' | 'v3') => {
    const permitted = form.replace('A', () => ours).replace('B', () => theirs);
    return ['ours', 'theirs', 'ours-too', 'not-theirs', 'theirs-too']
      .map((name) => base + name)
      .filter((annotation) => kiamPermits({ permitted, annotation, matching, base }))
      .map((role) => role.slice(base.length));
  };

  it.each(['v4', 'v4-loose', 'v3'] as const)('%s', (matching) => {
    expect(permitsBy(merge, `${base}theirs`, matching)).toEqual(['ours', 'theirs']);
    expect(permitsBy(merge, `^${base}theirs$`, matching)).toEqual(['ours', 'theirs']);
    // What comes to mind first opens it.
    expect(permitsBy('(?:B)|(?:A)', `${base}theirs`, matching)).toContain('theirs-too');
  });
});
