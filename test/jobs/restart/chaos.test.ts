import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RestartResult } from '../../../jobs/restart/restart.ts';
import { Process } from './support/attempt.ts';
import { SimFleet } from './support/sim-fleet.ts';

const instant = Date.UTC(2026, 10, 23, 2, 15);
const apps = [{ name: 'a' }, { name: 'b', rolloutSeconds: 35 }, { name: 'c', replicas: 1 }];
const moment = fc.integer({ min: 0, max: 60_000 });
const fault = fc.constantFrom('ok', 'before', 'after', 'late');

/** What befalls a run: of each kind sometimes nothing, so that each also comes alone. */
const troubles = fc.record({
  kills: fc.array(moment, { maxLength: 2 }),
  terminations: fc.array(moment, { maxLength: 2 }),
  doubled: fc.boolean(),
  laterRun: fc.option(moment, { nil: undefined }),
  patchFaults: fc.array(fault, { maxLength: 8 }),
  writeFaults: fc.array(fc.constantFrom('ok', 'ok', 'before', 'after'), { maxLength: 6 }),
  undone: fc.constantFrom(undefined, 'before-completion' as const, 'after-completion' as const),
  latency: fc.integer({ min: 0, max: 600 }),
  atOnce: fc.integer({ min: 1, max: 3 }),
  shards: fc.constantFrom(1, 3),
});

describe('a run in trouble', () => {
  it('ends, loses no workload, restarts none twice, and accuses nobody', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(troubles, async (trouble) => {
        const fleet = new SimFleet(2, apps);
        fleet.latency = trouble.latency;
        fleet.patchFaults = [...trouble.patchFaults];
        fleet.writeFaults = [...trouble.writeFaults];
        if (trouble.undone) fleet.cluster('c0').revertStamp('sts', 'a', trouble.undone);
        const attempts = await begin(fleet, trouble);
        const results = await fleet.finishAll(attempts);
        for (const [, count] of fleet.landed) expect(count).toBe(1);
        for (const result of results) {
          if (result.kind === 'stopped') continue;
          expect(result.report.workloads).toHaveLength(6);
          for (const { cluster, name, outcome } of result.report.workloads) {
            seen.add(outcome.kind);
            expect(outcome.kind).not.toBe('timedOut');
            const isUndone = trouble.undone && cluster === 'c0' && name === 'a';
            if (!isUndone) expect(outcome.kind).not.toBe('reverted');
          }
        }
      }),
      { numRuns: Number(process.env.SOAK_RUNS ?? 60) },
    );
    // What must sometimes happen, or the troubles are too tame.
    for (const kind of ['restarted', 'alreadyRestarted', 'reverted', 'skipped']) {
      expect(seen).toContain(kind);
    }
  }, 1_800_000);
});

async function begin(
  fleet: SimFleet,
  trouble: typeof troubles extends fc.Arbitrary<infer T> ? T : never,
): Promise<readonly Promise<RestartResult>[]> {
  const plan = fleet.plan({
    strategy: {
      maxConcurrentClusters: 2,
      maxConcurrentRollouts: trouble.atOnce,
      timeoutSeconds: 300,
    },
    record: {
      namespace: 'sts',
      configMaps: ['r-0', 'r-1', 'r-2'].slice(0, trouble.shards),
      lease: 'r-lock',
    },
  });
  for (const after of trouble.kills) {
    const killed = new Process();
    void fleet.start(plan, instant, killed);
    await fleet.clock.run(after);
    killed.kill();
  }
  const attempts: Promise<RestartResult>[] = [];
  for (const after of trouble.terminations) {
    const terminated = new Process();
    attempts.push(fleet.start(plan, instant, terminated));
    await fleet.clock.run(after);
    terminated.terminate.abort();
  }
  attempts.push(fleet.start(plan, instant));
  if (trouble.doubled) attempts.push(fleet.start(plan, instant));
  if (trouble.laterRun !== undefined) {
    await fleet.clock.run(trouble.laterRun);
    attempts.push(fleet.start(plan, instant + 60_000));
  }
  return attempts;
}
