import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  allFieldsOf,
  fieldsOf,
  fromFieldsV1,
  removalOf,
  toFieldsV1,
  without,
} from '../../../src/simulator/kube/field-sets.ts';
import { afterCreate, afterUpdate, ownedBy } from '../../../src/simulator/kube/managed-fields.ts';
import type { Writer } from '../../../src/simulator/kube/managed-fields.ts';
import { mergePatch } from '../../../src/simulator/kube/merge-patch.ts';
import type { KubeObject } from '../../../src/simulator/kube/objects.ts';

const writer = (manager: string): Writer => ({ manager, operation: 'Update' });
const key = fc.constantFrom('a', 'b', 'f:c', 'd.e/f', '"');
const data = fc.dictionary(key, fc.oneof(fc.constantFrom('1', '2'), fc.dictionary(key, fc.nat(2))));
const object = data.map((members): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'x', uid: 'u', resourceVersion: '1' },
  data: members,
}));

describe('field sets', () => {
  it('survive the way through fieldsV1', () => {
    fc.assert(
      fc.property(object, (each) => {
        const fields = allFieldsOf(each);
        expect(fromFieldsV1(toFieldsV1(fields))).toEqual(fields);
      }),
    );
  });

  it('are taken away by their removal', () => {
    fc.assert(
      fc.property(object, object, (one, other) => {
        const gone = without(fieldsOf(one), fieldsOf(other));
        const left = fieldsOf(mergePatch(one, removalOf(gone)) as KubeObject);
        expect([...left].filter((field) => gone.has(field))).toEqual([]);
      }),
    );
  });
});

describe('managed fields', () => {
  it('after any updates: every field has one owner, no entry is empty, the last writer owns its change', () => {
    fc.assert(
      fc.property(
        object,
        fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), object), { maxLength: 6 }),
        (first, updates) => {
          const own = (each: KubeObject, managedFields: ReturnType<typeof afterCreate>) => ({
            ...each,
            metadata: { ...each.metadata, managedFields },
          });
          let current = own(first, afterCreate(first, writer('a'), '0'));
          updates.forEach(([manager, next], index) => {
            const time = String(index + 1);
            const before = current;
            current = own(next, afterUpdate(before, next, writer(manager), time));
            const took = without(allFieldsOf(next), allFieldsOf(before));
            const owned = ownedBy(current, writer(manager));
            expect([...took].filter((field) => !owned.has(field))).toEqual([]);
          });
          const all = current.metadata.managedFields.flatMap((entry) => [
            ...fromFieldsV1(entry.fieldsV1),
          ]);
          expect(all.sort()).toEqual([...allFieldsOf(current)].sort());
          for (const { fieldsV1 } of current.metadata.managedFields)
            expect(Object.keys(fieldsV1)).not.toEqual([]);
        },
      ),
    );
  });
});
