import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { managedPolicyName } from '../../src/iam/policy-names.ts';
import { sidPrefix, trustSidPattern } from '../../src/iam/sids.ts';
import type { RoleName } from '../../src/names/arn.ts';

const words = fc.constantFrom('a', 'a1', '1', 'b', 't1', 'trusts', 'trustsx', 't');
const fleets = fc.array(words, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('-'));

it('no fleet takes the statements of another for its own', () => {
  fc.assert(
    fc.property(fleets, fleets, words, (fleet, other, trustee) => {
      fc.pre(fleet !== other);
      const ours = new RegExp(trustSidPattern(fleet));
      expect(ours.test(`${sidPrefix(fleet)}Trusts${trustee}`)).toBe(true);
      expect(ours.test(`${sidPrefix(fleet)}T12`)).toBe(true);
      expect(ours.test(`${sidPrefix(other)}Trusts${trustee}`)).toBe(false);
      expect(ours.test(`${sidPrefix(other)}T12`)).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

it.each(['a-1', 'a1', 'a--1', 'prod', 'a-trusts'])(
  'a Sid of %s is of letters and digits',
  (fleet) => {
    expect(sidPrefix(fleet)).toMatch(/^Rollcall[A-Za-z0-9]+$/);
  },
);

it('no two fleets and roles have a managed policy of one name', () => {
  const roles = fc.array(fc.constantFrom('a', 'b', '-', '_', '1'), { minLength: 1, maxLength: 5 });
  const named = fc
    .tuple(fleets, roles, fc.integer({ min: 1, max: 3 }))
    .map(([fleet, role, number]) => [fleet, role.join(''), number] as const);
  fc.assert(
    fc.property(named, named, (one, two) => {
      fc.pre(JSON.stringify(one) !== JSON.stringify(two));
      const nameOf = ([fleet, role, number]: typeof one) =>
        managedPolicyName(fleet, role as RoleName, number);
      expect(nameOf(one)).not.toBe(nameOf(two));
    }),
    { numRuns: 2000 },
  );
});
