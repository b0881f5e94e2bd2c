import '../fixed-seed.ts';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applicationName, deliveryName } from '../../src/delivery/names.ts';
import { chartOrder } from '../../src/flux/order.ts';
import { rightsName } from '../../src/flux/props.ts';
import { isDnsLabel, isDnsSubdomain } from '../../src/names/kubernetes.ts';

/** Of 1 to 63 characters, many of which begin alike. */
const name = fc
  .tuple(fc.constantFrom('', 'a-'.repeat(20), 'a'.repeat(50)), fc.stringMatching(/^[a-b-]{0,22}$/))
  .map(([start, rest]) => `${start}${rest}`)
  .filter(isDnsLabel);

const parts = [...chartOrder, rightsName];

it('a name of Flux’s holds as that of a release of Helm, and is of one fleet and part', () => {
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 4 }), (fleets) => {
      const names = fleets.flatMap((fleet) => parts.map((part) => deliveryName(fleet, part)));
      expect(new Set(names).size).toBe(names.length);
      for (const one of names) {
        expect(one.length).toBeLessThanOrEqual(53);
        expect([one, isDnsLabel(one)]).toEqual([one, true]);
      }
    }),
  );
});

it('a name of Argo CD’s holds as a label, and is of one fleet and cluster', () => {
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 4 }), (words) => {
      const names = words.flatMap((fleet) => [
        applicationName(fleet),
        ...words.map((cluster) => applicationName(fleet, cluster)),
      ]);
      expect(new Set(names).size).toBe(names.length);
      for (const one of names) {
        expect(one.length).toBeLessThanOrEqual(63);
        expect([one, isDnsSubdomain(one)]).toEqual([one, true]);
      }
    }),
  );
});

it('short names are what they read, and can’t be read in two ways', () => {
  expect(deliveryName('grada', 'hub')).toBe('rollcall-grada-hub');
  expect(applicationName('a', 'b-c')).toBe('rollcall-a.b-c');
  expect(applicationName('a-b', 'c')).toBe('rollcall-a-b.c');
});
