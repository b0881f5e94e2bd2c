import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  permittedExpression,
  type PermittedRole,
} from '../../../src/identities/kiam/expression.ts';
import { isRoleName } from '../../../src/names/arn.ts';
import { arn, listAndAnnotation, roleArns, roleNames } from '../kube2iam/role-arns.ts';
import { kiamPermits, resolve } from './matcher.ts';

const base = 'arn:aws:iam::000000000001:role/';

function named(text: string): PermittedRole {
  if (!isRoleName(text)) throw new Error(`${text} is no role name`);
  return { name: text, arn: arn(base + text) };
}

describe('permittedExpression', () => {
  const roles = [named('b+c'), named('a.b'), named('b+c')];

  it('is anchored, grouped, escaped, sorted, each once: v4 of ARNs, v3 of names', () => {
    expect(permittedExpression(roles, 'v4')).toBe(
      String.raw`^(?:arn:aws:iam::000000000001:role/a\.b|arn:aws:iam::000000000001:role/b\+c)$`,
    );
    expect(permittedExpression(roles, 'v3')).toBe(String.raw`^(?:a\.b|b\+c)$`);
    expect(permittedExpression([named('a')], 'v3')).toBe('^(?:a)$');
  });

  it('is empty for no role, which kiam refuses', () => {
    expect(permittedExpression([], 'v4')).toBe('');
    expect(permittedExpression([], 'v3')).toBe('');
  });

  it.each(['v4', 'v4-loose'] as const)('permits exactly the roles of the list: %s', (matching) => {
    let permitted = 0;
    fc.assert(
      fc.property(listAndAnnotation(roleArns), ({ list, annotation }) => {
        const listed = list.some((one) => one === resolve(annotation, base));
        if (listed) permitted++;
        const expression = permittedExpression(
          list.map((one) => ({ name: one, arn: one })),
          'v4',
        );
        const match = { permitted: expression, annotation, matching, base };
        expect(kiamPermits(match)).toBe(listed);
      }),
      { numRuns: 2000 },
    );
    expect(permitted).toBeGreaterThan(100);
  });

  it('permits exactly the roles of the list as they are annotated: v3', () => {
    const lists = listAndAnnotation(fc.oneof(roleNames, roleArns));
    let permitted = 0;
    fc.assert(
      fc.property(lists, ({ list, annotation }) => {
        const listed = list.some((one) => one === annotation);
        if (listed) permitted++;
        const expression = permittedExpression(
          list.map((name) => ({ name, arn: arn(resolve(name, base)) })),
          'v3',
        );
        const match = { permitted: expression, annotation, matching: 'v3', base } as const;
        expect(kiamPermits(match)).toBe(listed);
      }),
      { numRuns: 2000 },
    );
    expect(permitted).toBeGreaterThan(100);
  });
});

describe('the matcher', () => {
  it.each([
    ['v4', 'a', 'a', false],
    ['v4', `${base}a`, 'a', true],
    ['v4', `${base}a`, '/a', true],
    ['v4', `${base}a`, 'ab', false],
    // No group: `^…a` or `b$`.
    ['v4', `${base}a|b`, 'ac', true],
    ['v4', '.*', 'a', true],
    ['v4-loose', 'a', 'bab', true],
    ['v3', 'a', 'bab', true],
    ['v3', '^a$', `${base}a`, false],
    ['v3', '', 'a', false],
  ] as const)('%s %s of %s: %s', (matching, permitted, annotation, permits) => {
    expect(kiamPermits({ permitted, annotation, matching, base })).toBe(permits);
  });
});
