import { describe, expect, it } from '@jest/globals';
import type { RestartPlan, RestartStrategy } from '../../../src/plan/restart-plan.ts';
import type { Report } from '../../../jobs/restart/report.ts';
import { Process } from './support/attempt.ts';
import { SimFleet } from './support/sim-fleet.ts';

const instant = Date.UTC(2026, 10, 23, 2, 15);
const stamp = '2026-11-23T02:15:00Z';
const minute = 60_000;

const kinds = (report: Report): readonly string[] =>
  report.workloads.map(({ outcome }) =>
    outcome.kind === 'skipped' ? outcome.reason : outcome.kind,
  );

/** Each cluster is a wave of its own. */
function inWaves(
  plan: RestartPlan,
  wave: Partial<RestartStrategy['waves'][number]> = {},
): RestartPlan {
  const waves = plan.targets.map((_, index) => ({
    name: `w${index}`,
    soakSeconds: 0,
    gates: [],
    ...wave,
  }));
  const targets = plan.targets.map((target, index) => ({ ...target, wave: index }));
  return { ...plan, targets, strategy: { ...plan.strategy, waves } };
}

const halts = { failureBudget: { kind: 'count', count: 0 } } as const;
const stampsIn = (fleet: SimFleet, cluster: string): number =>
  fleet
    .cluster(cluster)
    .templateGenerations()
    .flatMap(({ revisions }) => revisions.filter(({ restartedAt }) => restartedAt)).length;

/** Takes the stamp away, as `kubectl rollout undo` does. */
const undo = (fleet: SimFleet, name: string): Promise<unknown> =>
  fleet.cluster('c0').handle({
    method: 'PATCH',
    path: `/apis/apps/v1/namespaces/sts/deployments/${name}?fieldManager=kubectl-rollout`,
    headers: { authorization: 'Bearer human', 'content-type': 'application/merge-patch+json' },
    body: JSON.stringify({
      spec: {
        template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': null } } },
      },
    }),
    signal: new AbortController().signal,
  });

describe('waves', () => {
  it('begin one after another, each after the soak of the one before', async () => {
    const fleet = new SimFleet(2, [{ name: 'a' }]);
    const attempt = fleet.start(inWaves(fleet.plan(), { soakSeconds: 600 }), instant);
    await fleet.clock.run(9 * minute);
    expect([stampsIn(fleet, 'c0'), stampsIn(fleet, 'c1')]).toEqual([1, 0]);
    await fleet.clock.run(3 * minute);
    expect(stampsIn(fleet, 'c1')).toBe(1);
    const report = await fleet.finish(attempt);
    expect(report).toMatchObject({ exit: { name: 'ok' }, wavesDone: 2 });
  });

  it('end with the one in which the budget is used up, and stay ended', async () => {
    const fleet = new SimFleet(2, [{ name: 'a', failing: true }, { name: 'b' }]);
    const plan = inWaves(fleet.plan({ strategy: halts }));
    const report = await fleet.run(plan, instant);
    expect(kinds(report)).toEqual(['failed', 'restarted', 'halted', 'halted']);
    expect(report).toMatchObject({
      exit: { name: 'halted', code: 5 },
      halted: { reason: 'budget' },
    });
    const again = await fleet.run(plan, instant);
    expect(kinds(again)).toEqual(['failed', 'alreadyRestarted', 'halted', 'halted']);
    expect(again.exit.name).toBe('halted');
    expect(stampsIn(fleet, 'c1')).toBe(0);
  });

  it('go on over failures where nothing halts them', async () => {
    const fleet = new SimFleet(2, [{ name: 'a', failing: true }]);
    const report = await fleet.run(inWaves(fleet.plan()), instant);
    expect(kinds(report)).toEqual(['failed', 'failed']);
    expect(report.exit.name).toBe('incomplete');
  });

  it('go no further than one of which nothing came up, and try it again', async () => {
    const fleet = new SimFleet(2, [{ name: 'a' }]);
    const plan = inWaves(fleet.plan({ strategy: halts }));
    fleet.unreachable.add('c0');
    const report = await fleet.run(plan, instant);
    expect(kinds(report)).toEqual(['unreachable', 'wave']);
    expect(report).toMatchObject({ exit: { name: 'retryable' }, wavesDone: 0 });
    fleet.unreachable.clear();
    expect(kinds(await fleet.run(plan, instant))).toEqual(['restarted', 'restarted']);
  });

  it('go on to their end, and soak, when the window closes on them', async () => {
    const fleet = new SimFleet(1, [{ name: 'a' }]);
    const window = { timeZone: 'Etc/UTC', days: [1], from: 0, to: 2 * 60 + 16 };
    const plan = inWaves(fleet.plan({ strategy: { windows: [window] } }), { soakSeconds: 600 });
    const report = await fleet.run(plan, instant);
    expect(report).toMatchObject({ exit: { name: 'ok' }, wavesDone: 1 });
    expect(Date.parse(report.finishedAt) - Date.parse(report.startedAt)).toBeGreaterThan(600_000);
  });

  it('do not count what was failing before, in a later attempt either', async () => {
    const fleet = new SimFleet(2, [{ name: 'a', failing: true }]);
    const plan = inWaves(fleet.plan({ strategy: halts }));
    // Failing already: its first rollout never came up.
    const stuck = await fleet.run(fleet.plan(), instant - 60 * minute);
    expect(kinds(stuck)).toEqual(['failed', 'failed']);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const report = await fleet.run(plan, instant);
      expect(kinds(report)).toEqual(['failed', 'wave']);
      expect(report).toMatchObject({ failures: 0, exit: { name: 'incomplete' } });
    }
  });

  it('see in the soak that a stamp is undone', async () => {
    const fleet = new SimFleet(2, [{ name: 'a' }]);
    fleet.cluster('c0').revertStamp('sts', 'a', 'after-completion');
    const report = await fleet.run(
      inWaves(fleet.plan({ strategy: halts }), { soakSeconds: 600 }),
      instant,
    );
    expect(kinds(report)).toEqual(['reverted', 'halted']);
  });

  it('wait for approval, and halt where nobody gives it', async () => {
    const gates = [{ kind: 'approval', timeoutSeconds: 1800 }] as const;
    const fleet = new SimFleet(2, [{ name: 'a' }]);
    const attempt = fleet.start(inWaves(fleet.plan(), { gates }), instant);
    await fleet.clock.run(5 * minute);
    expect(stampsIn(fleet, 'c0')).toBe(0);
    fleet.annotate({ 'rollcall.dev/approve': `${stamp}/w0` });
    const report = await fleet.finish(attempt);
    expect(kinds(report)).toEqual(['restarted', 'halted']);
    expect(report.halted).toMatchObject({ reason: 'gate' });
  });

  it('are not soaked again by the next attempt', async () => {
    const fleet = new SimFleet(2, [{ name: 'a' }]);
    const plan = inWaves(fleet.plan(), { soakSeconds: 3600 });
    const process = new Process();
    const first = fleet.start(plan, instant, process);
    await fleet.clock.run(70 * minute);
    process.terminate.abort();
    expect(await fleet.finish(first)).toMatchObject({ exit: { name: 'retryable' }, wavesDone: 1 });
    const second = fleet.start(plan, instant);
    await fleet.clock.run(70 * minute);
    expect(await fleet.finish(second)).toMatchObject({
      wavesDone: 2,
      exit: { name: 'nothingToDo' },
    });
  });
});

describe('operators', () => {
  const slow = { maxConcurrentRollouts: 1 };
  const apps = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];

  it('pause and resume a run', async () => {
    const fleet = new SimFleet(1, apps);
    const attempt = fleet.start(fleet.plan({ strategy: slow }), instant);
    await fleet.clock.run(2_000);
    fleet.annotate({ 'rollcall.dev/pause': '2026-11-23T02:15:09Z me' });
    await fleet.clock.run(20 * minute);
    expect(stampsIn(fleet, 'c0')).toBeLessThan(3);
    fleet.annotate({ 'rollcall.dev/pause': 'false' });
    expect(kinds(await fleet.finish(attempt))).toEqual(['restarted', 'restarted', 'restarted']);
  });

  it('stop it for good, and it awaits what it has begun', async () => {
    const fleet = new SimFleet(1, apps);
    const plan = fleet.plan({ strategy: slow });
    const attempt = fleet.start(plan, instant);
    await fleet.clock.run(2_000);
    fleet.annotate({ 'rollcall.dev/stop': stamp });
    const report = await fleet.finish(attempt);
    expect(kinds(report)).toEqual(['restarted', 'stopped', 'stopped']);
    expect(report.exit).toEqual({ name: 'cancelled', code: 7 });
    expect((await fleet.run(plan, instant)).exit.name).toBe('cancelled');
    // Another run is not meant.
    expect((await fleet.run(plan, instant + minute)).exit.name).toBe('ok');
  });

  it('are told beforehand what a run would do', async () => {
    const fleet = new SimFleet(1, [...apps, { name: 'd', paused: true }]);
    const attempt = fleet.start(fleet.plan(), instant, new Process(), { dryRun: true });
    expect(kinds(await fleet.finish(attempt))).toEqual([
      ...Array<string>(3).fill('wouldRestart'),
      'paused',
    ]);
    expect(fleet.requests.PATCH).toBeUndefined();
    expect(fleet.store.writes).toBe(0);
  });
});

describe('what comes after something else', () => {
  const ordered = (fleet: SimFleet, strategy: Partial<RestartStrategy> = {}): RestartPlan => {
    const plan = fleet.plan({ strategy });
    const group = (name: string, after?: readonly number[]) =>
      ({ namespace: 'sts', kind: 'Deployment', names: [name], ...(after && { after }) }) as const;
    const workloads = [group('b', [1]), group('a')];
    return { ...plan, targets: plan.targets.map((target) => ({ ...target, workloads })) };
  };

  it('is begun when that is proved', async () => {
    const fleet = new SimFleet(1, [{ name: 'a', rolloutSeconds: 60 }, { name: 'b' }]);
    const attempt = fleet.start(ordered(fleet), instant);
    await fleet.clock.run(50_000);
    expect(stampsIn(fleet, 'c0')).toBe(1);
    expect(kinds(await fleet.finish(attempt))).toEqual(['restarted', 'restarted']);
  });

  it('is left where that fails', async () => {
    const fleet = new SimFleet(1, [{ name: 'a', failing: true }, { name: 'b' }]);
    expect(kinds(await fleet.run(ordered(fleet), instant))).toEqual(['after', 'failed']);
  });
});

describe('a run', () => {
  it('is refused outside of its windows', async () => {
    const fleet = new SimFleet(1, [{ name: 'a' }]);
    const window = { timeZone: 'Etc/UTC', days: [2], from: 0, to: 60 };
    const report = await fleet.run(fleet.plan({ strategy: { windows: [window] } }), instant);
    expect(kinds(report)).toEqual(['window']);
    expect(report.exit).toEqual({ name: 'refused', code: 6 });
  });

  it('begins nothing new when its window closes', async () => {
    const fleet = new SimFleet(1, [{ name: 'a', rolloutSeconds: 100 }, { name: 'b' }]);
    const window = { timeZone: 'Etc/UTC', days: [1], from: 0, to: 2 * 60 + 16 };
    const strategy = { windows: [window], maxConcurrentRollouts: 1 };
    expect(kinds(await fleet.run(fleet.plan({ strategy }), instant))).toEqual([
      'restarted',
      'window',
    ]);
  });

  it('waits for what blocks, and is refused when that takes too long', async () => {
    const check = { kind: 'prometheus', url: 'https://p', query: 'q' } as const;
    const strategy = { blockers: [check], blockerTimeoutSeconds: 600 };
    const fleet = new SimFleet(1, [{ name: 'a' }]);
    fleet.blocking = 'the query answers with 1 alert';
    const attempt = fleet.start(fleet.plan({ strategy }), instant);
    await fleet.clock.run(5 * minute);
    expect(stampsIn(fleet, 'c0')).toBe(0);
    fleet.blocking = undefined;
    expect(kinds(await fleet.finish(attempt))).toEqual(['restarted']);
    fleet.blocking = 'again';
    const refused = await fleet.run(fleet.plan({ strategy }), instant + 24 * 60 * minute);
    expect(kinds(refused)).toEqual(['blocked']);
    expect(refused.exit.name).toBe('refused');
  });

  it('looks once more when things have settled', async () => {
    const fleet = new SimFleet(1, [{ name: 'a' }, { name: 'b' }]);
    const attempt = fleet.start(fleet.plan({ strategy: { settleSeconds: 300 } }), instant);
    await fleet.clock.run(2 * minute);
    await undo(fleet, 'a');
    const report = await fleet.finish(attempt);
    expect(kinds(report)).toEqual(['reverted', 'restarted']);
  });

  it('of a doubled pod waits for the other, and finds all done', async () => {
    const fleet = new SimFleet(2, [{ name: 'a' }, { name: 'b' }]);
    const plan = fleet.plan();
    const first = fleet.start(plan, instant);
    await fleet.clock.run(1_000);
    const second = fleet.start(plan, instant);
    expect((await fleet.finish(first)).exit.name).toBe('ok');
    expect((await fleet.finish(second)).exit.name).toBe('nothingToDo');
    expect(fleet.requests.PATCH).toBe(4);
    expect(fleet.lines.some((line) => line.includes('waiting for the Lease'))).toBe(true);
  });

  it('is refused where another holds the lock too long', async () => {
    const fleet = new SimFleet(1, [{ name: 'a', rolloutSeconds: 250 }]);
    const first = fleet.start(fleet.plan(), instant);
    await fleet.clock.run(1_000);
    const second = fleet.start(fleet.plan(), instant, new Process(), { lockWaitMs: minute });
    const [, refused] = await fleet.finishAll([first, second]);
    expect(refused).toMatchObject({ kind: 'stopped', exit: 'refused', code: 6 });
  });

  it('examines all clusters first where one is to hold back all', async () => {
    const fleet = new SimFleet(2, [{ name: 'a' }]);
    fleet.cluster('c1').remove('Deployment', 'sts', 'a');
    const report = await fleet.run(fleet.plan({ strategy: { preflight: 'all' } }), instant);
    expect(kinds(report)).toEqual(['preflight', 'missing']);
    expect(stampsIn(fleet, 'c0')).toBe(0);
    const fine = new SimFleet(2, [{ name: 'a' }]);
    const all = await fine.run(fine.plan({ strategy: { preflight: 'all' } }), instant);
    expect(kinds(all)).toEqual(['restarted', 'restarted']);
  });
});
