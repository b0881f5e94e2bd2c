import { describe, expect, it } from '@jest/globals';
import { longestRunSeconds } from '../../src/constructs/run-length.ts';
import type {
  PlannedTarget,
  PlannedWorkloads,
  RestartStrategy,
} from '../../src/plan/restart-plan.ts';
import { plan, planWith } from './support/own-app.ts';

/** A wave with its soak, and one gate where that has a timeout. */
const wave = (name: string, soakSeconds = 0, timeoutSeconds = 0) => ({
  name,
  soakSeconds,
  gates: timeoutSeconds > 0 ? [{ kind: 'approval' as const, timeoutSeconds }] : [],
});
const day = 24 * 3600;

describe('the longest run, 3 clusters by 2, 4 workloads by 3, 600 s each, and 600 s around them', () => {
  it.each<readonly [string, Partial<RestartStrategy>, number]>([
    ['2 × 2 rounds', {}, 3000],
    ['and a soak', { waves: [wave('all', 60)] }, 3060],
    ['and a gate', { waves: [wave('all', 0, 1000)] }, 4000],
    ['and the settling', { settleSeconds: 120 }, 3120],
    ['no blockers are waited for', { blockerTimeoutSeconds: 5000 }, 3000],
    ['and the blockers', { blockers: [{ kind: 'prometheus', url: 'http://a', query: 'b' }] }, 3900],
    ['clusters that end earlier', { clusterTimeoutSeconds: 700 }, 2 * 700 + 600],
    ['12 workloads that wait for 5 slots', { maxConcurrentRolloutsOverall: 5 }, 3000 + 3 * 600],
    ['a run that ends earlier', { runTimeoutSeconds: 1000 }, 1600],
    ['a run that could end later', { runTimeoutSeconds: 9000 }, 3000],
    ['never more than a day', { waves: [wave('all', day, day)] }, day],
    ['never more than a day, by the timeout', { timeoutSeconds: day }, day],
  ])('%s: %j', (_, strategy, seconds) => {
    expect(longestRunSeconds(planWith(strategy))).toBe(seconds);
  });
});

describe('targets', () => {
  const targets = (...some: Partial<PlannedTarget>[]) =>
    plan.targets.map((target, index) => ({ ...target, ...some[index] }));
  const workloads = (...some: Partial<PlannedWorkloads>[]) =>
    some.map((more) => ({ namespace: 'n', kind: 'Deployment' as const, names: ['a'], ...more }));

  it.each<readonly [string, readonly PlannedTarget[], number]>([
    ['waves follow each other', targets({ wave: 0 }, { wave: 1 }, { wave: 1 }), 1200 + 1200 + 600],
    ['nothing waits for a paused one', targets({}, {}, { paused: true }), 1200 + 600],
    [
      'a selector stands for a hundred',
      targets({ workloads: workloads({ names: [], selector: { a: 'b' } }) }),
      2 * 34 * 600 + 600,
    ],
    ['groups together', targets({ workloads: workloads({}, {}, {}) }), 3000],
    [
      'groups after each other',
      targets({ workloads: workloads({}, { after: [0] }, { after: [1] }) }),
      2 * 1800 + 600,
    ],
  ])('%s', (_, some, seconds) => {
    const waves = [wave('first'), wave('second')];
    expect(longestRunSeconds({ ...planWith({ waves }), targets: some })).toBe(seconds);
  });
});
