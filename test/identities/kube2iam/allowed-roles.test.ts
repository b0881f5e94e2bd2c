import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  allowedRoles,
  type AllowedRolesFormat,
} from '../../../src/identities/kube2iam/allowed-roles.ts';
import type { RoleArn } from '../../../src/names/arn.ts';
import { kube2iamPermits } from './matcher.ts';
import { arn, listAndAnnotation, roleArns } from './role-arns.ts';

const formats: readonly AllowedRolesFormat[] = ['glob', 'regexp'];
const bases = ['', 'arn:aws:iam::000000000001:role/'] as const;

function value(list: readonly RoleArn[], format: AllowedRolesFormat): string {
  const allowed = allowedRoles(list, format);
  if (allowed.kind !== 'roles') throw new Error(allowed.reason);
  return allowed.value;
}

describe('allowedRoles', () => {
  const a = arn('arn:aws:iam::000000000001:role/a.b');
  const b = arn('arn:aws:iam::000000000002:role/team/b+c');

  it('is a JSON array of whole ARNs, sorted, each once', () => {
    expect(value([b, a, b], 'glob')).toBe(
      '["arn:aws:iam::000000000001:role/a.b","arn:aws:iam::000000000002:role/team/b+c"]',
    );
    expect(JSON.parse(value([b, a], 'regexp'))).toEqual([
      String.raw`arn:^|^arn:aws:iam::000000000001:role/a\.b$`,
      String.raw`arn:^|^arn:aws:iam::000000000002:role/team/b\+c$`,
    ]);
  });

  it.each(formats)('is an empty list for no role: %s', (format) => {
    expect(value([], format)).toBe('[]');
  });

  it('refuses a wildcard in a path as a glob, and writes it as an expression', () => {
    const wildcard = arn('arn:aws:iam::000000000001:role/*/a');
    expect(allowedRoles([a, wildcard], 'glob')).toEqual({
      kind: 'inexpressible',
      arn: wildcard,
      reason: "its path holds a *, which kube2iam's glob takes for any text",
    });
    expect(value([wildcard], 'regexp')).toBe(
      String.raw`["arn:^|^arn:aws:iam::000000000001:role/\\*/a$"]`,
    );
  });

  it.each(formats.flatMap((format) => bases.map((base) => [format, base] as const)))(
    'permits exactly the roles of the list: %s, base ARN "%s"',
    (format, base) => {
      const roles = format === 'glob' ? roleArns.filter((role) => !role.includes('*')) : roleArns;
      let permitted = 0;
      fc.assert(
        fc.property(listAndAnnotation(roles), ({ list, annotation }) => {
          // kube2iam takes it for its default role, unchecked; STS knows no such role.
          fc.pre(annotation !== '' && annotation !== base);
          const whole = /^arn:/i.test(annotation) ? annotation : base + annotation;
          const listed = list.some((one) => one === whole);
          if (listed) permitted++;
          const allowed = value(list, format);
          expect(kube2iamPermits({ allowed, annotation, format, base })).toBe(listed);
        }),
        { numRuns: 2000 },
      );
      expect(permitted).toBeGreaterThan(100);
    },
  );
});

describe('the matcher', () => {
  const base = 'arn:aws:iam::000000000001:role/';
  const whole = `${base}a`;
  it.each([
    ['glob', '["a"]', 'a', true],
    ['glob', '["a"]', whole, true],
    ['glob', `["${base}*"]`, `${base}team/a`, true],
    ['glob', '["a*c"]', 'a/b/c', true],
    ['glob', '["a*"]', 'b', false],
    ['glob', '["a?c"]', 'abc', false],
    ['regexp', '["a"]', 'ab', true],
    ['regexp', `["^${whole}$"]`, 'a', false],
    ['regexp', '["a$"]', 'ab', false],
  ] as const)('%s %s of %s: %s', (format, allowed, annotation, permits) => {
    expect(kube2iamPermits({ allowed, annotation, format, base })).toBe(permits);
  });
});
