import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  shardsOf,
  workloadsInCluster,
  workloadsPerRecordShard,
  workloadsPerSelector,
} from '../../src/access/shards.ts';
import type { PlannedWorkloads } from '../../src/plan/restart-plan.ts';

const named = (count: number): PlannedWorkloads => ({
  namespace: 'n',
  kind: 'Deployment',
  names: Array.from({ length: count }, (_, index) => `w${index}`),
});
const selecting: PlannedWorkloads = { ...named(0), selector: { a: 'b' } };

it('a selector counts as a hundred workloads', () => {
  expect(workloadsPerSelector).toBe(100);
  expect(workloadsInCluster([named(3), selecting, named(4)])).toBe(107);
});

it.each([
  [1, [0, 249], [250]],
  [100, [0, 1], [2]],
  [250, [0], [1]],
  [251, [0], [1]],
  [9000, [0], [1]],
])(
  'of %i workloads a cluster, the first ConfigMap holds clusters %j and not %j',
  (count, own, not) => {
    const shardOf = shardsOf([named(count)]);
    expect(own.map(shardOf)).toEqual(own.map(() => 0));
    expect(not.map(shardOf)).toEqual(not.map(() => 1));
  },
);

it('ConfigMaps are filled in order, none beyond its measure unless by one cluster, none half empty', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 600 }),
      fc.integer({ min: 1, max: 400 }),
      (count, clusters) => {
        const shardOf = shardsOf([named(count)]);
        const shards = Array.from({ length: clusters }, (_, index) => shardOf(index));
        const sizes = shards.reduce<number[]>((all, shard) => {
          all[shard] = (all[shard] ?? 0) + count;
          return all;
        }, []);
        expect(shards).toEqual(shards.toSorted((a, b) => a - b));
        expect(sizes.every((size) => size === count || size <= workloadsPerRecordShard)).toBe(true);
        for (const size of sizes.slice(0, -1)) {
          expect(size + count).toBeGreaterThan(workloadsPerRecordShard);
        }
      },
    ),
  );
});
