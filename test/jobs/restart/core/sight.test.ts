import { describe, expect, it } from '@jest/globals';
import { createRun } from '../../../../jobs/restart/core/create.ts';
import { see } from '../../../../jobs/restart/core/sight.ts';
import { workloadAt } from '../../../../jobs/restart/core/state.ts';
import { observed } from '../support/observed.ts';
import { makePlan } from '../support/plan.ts';

const goal = { instant: 0, horizon: 1, minIntervalMs: 0, evicts: false };
const seenBefore = observed({ uid: 'u2', generation: 4 });

describe('what is seen of a workload', () => {
  it.each([
    ['the same once more', { uid: 'u2', generation: 4 }, true],
    ['a later generation', { uid: 'u2', generation: 5 }, true],
    ['an earlier generation', { uid: 'u2', generation: 3 }, false],
    ['one made anew', { uid: 'u3', generation: 1 }, true],
    ['the one that it was made anew from', { uid: 'u1', generation: 9 }, false],
  ])('%s', (_, facts, isNew) => {
    const workload = workloadAt(createRun(makePlan(['c0'], ['app']), goal), 0);
    see(workload, observed({ uid: 'u1', generation: 9 }), 1000);
    see(workload, seenBefore, 2000);
    const object = observed(facts);
    expect(see(workload, object, 3000)).toBe(isNew);
    expect(workload.seen).toBe(isNew ? object : seenBefore);
    expect(workload.lastSeenAt).toBe(isNew ? 3000 : 2000);
  });

  it('is remembered when its cluster has been closed', () => {
    const workload = workloadAt(createRun(makePlan(['c0'], ['app']), goal), 0);
    see(workload, seenBefore, 1000);
    workload.seen = undefined;
    expect(see(workload, observed({ uid: 'u2', generation: 3 }), 2000)).toBe(false);
  });
});
