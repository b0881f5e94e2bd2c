import { expect, it } from '@jest/globals';
import { recordConfigMapNames, workloadsPerRecordShard } from '../../src/access/names.ts';

it.each([
  [0, 1],
  [1, 1],
  [workloadsPerRecordShard, 1],
  [workloadsPerRecordShard + 1, 2],
  [5 * workloadsPerRecordShard, 5],
])('%i workloads have %i ConfigMaps of the run record', (workloads, configMaps) => {
  const names = Array.from({ length: configMaps }, (_, index) => `nightly-record-${index}`);
  expect(recordConfigMapNames('nightly', workloads)).toEqual(names);
});
