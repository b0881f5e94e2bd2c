import { describe, expect, it } from '@jest/globals';
import type { Needed } from '../../../jobs/restart/core/events.ts';
import type { Reviews, Right, Rule } from '../../../jobs/restart/ports.ts';
import { deniedRights } from '../../../jobs/restart/rights.ts';

const rule = (
  verbs: readonly string[],
  resources: readonly string[],
  resourceNames: readonly string[] = [],
  apiGroups: readonly string[] = ['apps'],
): Rule => ({ verbs, apiGroups, resources, resourceNames });

const need = (names: readonly string[], changes: Partial<Needed> = {}): Needed => ({
  query: {
    kind: 'Deployment',
    namespace: 'sts',
    ...(names.length === 1 && { name: names[0] ?? '' }),
  },
  names,
  anyName: false,
  readOnly: false,
  ...changes,
});
const set: Needed = {
  ...need([]),
  query: { kind: 'StatefulSet', namespace: 'sts' },
  names: ['db'],
};
const look = rule(['list', 'watch'], ['deployments']);

/** What is denied, as `verb resource name`; and how often it was asked. */
async function denied(
  needs: readonly Needed[],
  rules: readonly Rule[],
  options: { readonly allowed?: (right: Right) => boolean; readonly evicts?: boolean } = {},
) {
  let asked = 0;
  const { allowed, evicts = false } = options;
  const reviews: Reviews = {
    rules: () => Promise.resolve({ rules, incomplete: allowed !== undefined }),
    allowed: (right) => {
      asked += 1;
      return Promise.resolve(allowed?.(right) ?? false);
    },
  };
  const denials = await deniedRights(reviews, needs, { evicts }, new AbortController().signal);
  const words = denials.map(({ message }) => /^may not (.*) in sts\./.exec(message)?.[1]);
  return { words, asked, names: denials.map(({ name }) => name) };
}

describe('the rights that a plan needs', () => {
  it.each([
    [
      'by name, as generated',
      [need(['a', 'b'])],
      [rule(['get', 'patch'], ['deployments'], ['a', 'b']), look],
      [],
    ],
    [
      'one name, listed by that name',
      [need(['a'])],
      [rule(['get', 'list', 'watch', 'patch'], ['deployments'], ['a'])],
      [],
    ],
    [
      'a name that is not in the Role',
      [need(['a', 'b'])],
      [rule(['get', 'patch'], ['deployments'], ['a']), look],
      ['get deployments.apps b', 'patch deployments.apps b'],
    ],
    [
      'no watch',
      [need(['a', 'b'])],
      [rule(['get', 'patch'], ['deployments']), rule(['list'], ['deployments'])],
      ['watch deployments.apps'],
    ],
    [
      'a list by a name of several',
      [need(['a', 'b'])],
      [rule(['*'], ['*'], ['a', 'b'], ['*'])],
      ['list deployments.apps', 'watch deployments.apps'],
    ],
    [
      'the wrong group',
      [need(['a'])],
      [rule(['*'], ['deployments'], [], ['extensions'])],
      [
        'list deployments.apps a',
        'watch deployments.apps a',
        'get deployments.apps a',
        'patch deployments.apps a',
      ],
    ],
    [
      'all by a selector, and names only',
      [need([], { anyName: true })],
      [rule(['get', 'patch'], ['deployments'], ['a']), look],
      ['get deployments.apps', 'patch deployments.apps'],
    ],
    ['only to be looked at', [need([], { readOnly: true })], [look], []],
  ])('%s', async (_, needs, rules, expected) => {
    expect((await denied(needs, rules)).words).toEqual(expected);
  });

  it('are one name’s where a name is missing, and the query’s where the list is', async () => {
    const rules = [rule(['get', 'patch'], ['deployments'], ['a'])];
    expect((await denied([need(['a', 'b'])], rules)).names).toEqual([
      undefined,
      undefined,
      'b',
      'b',
    ]);
  });

  it('include evictions where pods are evicted', async () => {
    const all = rule(['*'], ['statefulsets']);
    expect((await denied([set], [all])).words).toEqual([]);
    const evictions = [
      rule(['list'], ['pods'], [], ['']),
      rule(['create'], ['pods/eviction'], [], ['']),
    ];
    expect((await denied([set], [all, ...evictions], { evicts: true })).words).toEqual([]);
    expect((await denied([set], [all], { evicts: true })).words).toEqual([
      'list pods',
      'create pods/eviction',
    ]);
  });

  it('that a webhook may know are asked for one by one, and only those', async () => {
    const rules = [rule(['get', 'patch'], ['deployments'], ['a']), look];
    const allowed = (right: Right): boolean => right.verb !== 'patch';
    const { words, asked } = await denied([need(['a', 'b'])], rules, { allowed });
    expect(words).toEqual(['patch deployments.apps b']);
    expect(asked).toBe(2);
  });
});
