import { describe, expect, it } from '@jest/globals';
import { decodeShard } from '../../../jobs/restart/record/format.ts';
import type { Report } from '../../../jobs/restart/report.ts';
import { Process } from './support/attempt.ts';
import { SimFleet } from './support/sim-fleet.ts';

const instant = Date.UTC(2026, 10, 23, 2, 15);
const second = 1000;
/** What the fleet gives an attempt. */
const grace = 60 * second;
/** Of the chart's grace period, what is left after `--grace-seconds`. */
const left = 10 * second;
const blocker = { kind: 'prometheus', url: 'http://prometheus', query: 'ALERTS' } as const;

const holder = (fleet: SimFleet): string | undefined =>
  fleet.leases.get('nightly-lock')?.lease.holder;
const lastRun = (fleet: SimFleet) =>
  decodeShard(fleet.store.shards.get('nightly-record-0')?.data ?? {}).history.at(-1);

/** Whether an attempt has ended, and what it had reported by then. */
function begin(fleet: SimFleet, process = new Process()) {
  const seen: { report?: Report; ended: boolean } = { ended: false };
  const attempt = fleet.start(fleet.plan(), instant, process, {
    onReport: (report) => (seen.report = report),
  });
  void attempt.finally(() => (seen.ended = true));
  return { attempt, seen, process };
}

describe('the end of an attempt', () => {
  it('is reported first, then told to the hub, and the Lease let go last', async () => {
    const fleet = new SimFleet(1, [{ name: 'a' }]);
    const order: unknown[] = [];
    const attempt = fleet.start(fleet.plan(), instant, undefined, {
      onReport: ({ exit }) => order.push(exit.name, lastRun(fleet)?.exit, holder(fleet)),
    });
    await fleet.finish(attempt);
    expect(order).toEqual(['ok', undefined, 'pod-1']);
    expect([lastRun(fleet)?.exit, holder(fleet)]).toEqual(['ok', '']);
  });

  it('comes in time after SIGTERM, with its report, where the hub hangs', async () => {
    const fleet = new SimFleet(1, [{ name: 'a', rolloutSeconds: 1000 }, { name: 'b' }]);
    const { seen, process } = begin(fleet);
    await fleet.clock.run(30 * second);
    fleet.hubHangs = true;
    process.terminate.abort();
    await fleet.clock.run(grace - second);
    expect(seen.report).toBeUndefined();
    await fleet.clock.run(left);
    expect(seen).toMatchObject({ ended: true, report: { exit: { name: 'retryable' } } });
  });

  it('comes in time after SIGTERM where the record can’t be told what has landed', async () => {
    const fleet = new SimFleet(1, [{ name: 'a', rolloutSeconds: 1000 }]);
    const { seen, process } = begin(fleet);
    // The claim, and the entry ahead of the patch.
    while (fleet.store.writes < 2) await fleet.clock.run(1);
    fleet.hubHangs = true;
    await fleet.clock.run(second);
    expect(fleet.landed.size).toBe(1);
    process.terminate.abort();
    await fleet.clock.run(grace + left);
    expect(seen).toMatchObject({ ended: true, report: { exit: { name: 'retryable' } } });
  });

  it('is not brought about by writes of the record that have no answer for some time', async () => {
    const fleet = new SimFleet(1, [{ name: 'a' }, { name: 'b' }]);
    const { attempt } = begin(fleet);
    await fleet.clock.run(second / 10);
    fleet.writeFaults = ['before', 'before', 'before', 'before', 'before', 'before'];
    const report = await fleet.finish(attempt);
    expect(report.exit.name).toBe('ok');
    expect(fleet.restarts()).toEqual([1, 1]);
  });

  it('keeps no Lease from a later run while it only looks', async () => {
    const fleet = new SimFleet(1, [{ name: 'a' }]);
    const blocked = fleet.plan({
      strategy: { blockers: [blocker], blockerTimeoutSeconds: 3600 },
    });
    fleet.blocking = 'ALERTS: 1';
    const holders: unknown[] = [];
    const older = fleet.start(blocked, instant, undefined, {
      onReport: () => holders.push(holder(fleet)),
    });
    await fleet.clock.run(30 * second);
    await fleet.run(fleet.plan(), instant + 60 * second);
    fleet.blocking = undefined;
    await fleet.finish(older);
    expect(fleet.lines).toContain('superseded by a later run: only looking');
    expect(holders).toEqual(['']);
  });
});
