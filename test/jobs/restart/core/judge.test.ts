import { describe, expect, it } from '@jest/globals';
import { judge, type Memory } from '../../../../jobs/restart/core/judge.ts';
import { observed, observedStatefulSet } from '../support/observed.ts';

const instant = Date.UTC(2026, 10, 23, 2, 15);
const goal = { instant, horizon: instant + 24 * 3600 * 1000, minIntervalMs: 0, evicts: false };
const now = '2026-11-23T02:15:00Z';
const before = '2026-11-23T02:14:59Z';
const later = '2026-11-23T02:16:00Z';
const none: Memory = { kind: 'none' };
const intended: Memory = { kind: 'intended', uid: 'u1', generation: 4 };
const patched: Memory = { kind: 'patched', uid: 'u1', generation: 5 };
const rolling = { updatedReplicas: 1 };

describe('what to make of a workload', () => {
  it.each([
    // The stamp decides, whoever set it.
    ['never restarted', {}, none, 'patch'],
    ['restarted before the instant', { stamp: before }, none, 'patch'],
    ['a stamp that is no date', { stamp: 'yesterday' }, none, 'patch'],
    ['a stamp that is no instant', { stamp: '2026-11-23' }, none, 'patch'],
    ['stamped at the instant', { stamp: now }, none, 'complete'],
    ['stamped at it in another zone', { stamp: '2026-11-23T03:15:00+01:00' }, none, 'complete'],
    ['stamped later', { stamp: later }, none, 'complete'],
    ['stamped in a far future', { stamp: '2099-01-01T00:00:00Z' }, none, 'patch'],
    ["a far future's run, the stamp gone", { run: '2099-01-01T00:00:00Z/x' }, none, 'patch'],
    ['stamped, and rolling', { stamp: now, status: rolling }, none, 'rolling'],
    [
      'stamped, and past its deadline',
      {
        stamp: now,
        status: { ...rolling, progressing: { reason: 'ProgressDeadlineExceeded', message: '' } },
      },
      none,
      'failed',
    ],
    // Paused.
    ['paused before a restart', { paused: true }, none, 'left'],
    ['paused in the middle', { paused: true, stamp: now, status: rolling }, none, 'left'],
    ['paused after completion', { paused: true, stamp: now }, none, 'complete'],
    // Its owner's word.
    ['opted out', { optedOut: true }, none, 'left'],
    ['opted out after a restart by hand', { optedOut: true, stamp: now }, none, 'complete'],
    // A stamp that is gone: the object's own run tells.
    ['its run there, the stamp gone', { run: `${now}/nightly` }, none, 'reverted'],
    ['its run there, the stamp older', { run: `${now}/nightly`, stamp: before }, none, 'reverted'],
    ["a later run's, the stamp gone", { run: `${later}/weekly` }, none, 'reverted'],
    ["an earlier run's, the stamp gone", { run: `${before}/nightly` }, none, 'patch'],
    ['a run that can’t be read', { run: 'x/y/z' }, none, 'patch'],
    // Both gone: the record tells.
    ['intended, and untouched since', {}, intended, 'patch'],
    ['intended, and changed once since: not by us', { generation: 5 }, intended, 'patch'],
    ['intended, and changed twice since', { generation: 6 }, intended, 'reverted'],
    ['patched, and wiped', { generation: 6 }, patched, 'reverted'],
    ['patched, and wiped by giving back the generation', { generation: 5 }, patched, 'reverted'],
    ['patched, seen as it was before', { generation: 4 }, patched, 'stale'],
    ['patched, and made anew', { uid: 'u2', generation: 1 }, patched, 'reverted'],
    ['intended, and made anew', { uid: 'u2', generation: 9 }, intended, 'patch'],
  ] as const)('%s', (_, overrides, memory, kind) => {
    expect(judge(observed(overrides), goal, memory).kind).toBe(kind);
  });

  it.each([
    ['within the interval', '2026-11-23T01:15:01Z', 'left'],
    ['just outside of it', '2026-11-23T01:15:00Z', 'patch'],
    ['never', undefined, 'patch'],
    ['in a far future', '2099-01-01T00:00:00Z', 'patch'],
  ])('leaves what was restarted within the minimum interval: %s', (_, stamp, kind) => {
    const hourly = { ...goal, minIntervalMs: 3600_000 };
    expect(judge(observed(stamp === undefined ? {} : { stamp }), hourly, none).kind).toBe(kind);
  });

  it.each([
    ['not stamped, nobody evicts', {}, false, { kind: 'left', reason: 'onDelete' }],
    ['not stamped', {}, true, { kind: 'patch' }],
    ['stamped, nobody evicts', { stamp: now }, false, { kind: 'left', reason: 'onDelete' }],
    ['stamped', { stamp: now }, true, { kind: 'evict' }],
    ['all new', { stamp: now, status: { updatedReplicas: 3 } }, false, { kind: 'complete' }],
  ] as const)(
    'replaces pods of OnDelete sets only where it may: %s',
    (_, changes, evicts, verdict) => {
      const set = observedStatefulSet({
        strategy: 'OnDelete',
        ...changes,
        status: { updatedReplicas: 1, ...('status' in changes ? changes.status : {}) },
      });
      expect(judge(set, { ...goal, evicts }, none)).toMatchObject(verdict);
    },
  );

  it('names who came to own the stamp after the run on the object, or after the stamp that was seen', () => {
    const wrote = (manager: string, time: string) => ({
      manager,
      operation: 'Update',
      time,
      ownsStamp: true as const,
    });
    const managers = [wrote('rollcall', before), wrote('argocd-controller', now)];
    const by = 'argocd-controller';
    const withRun = observed({ run: `${now}/nightly`, managers });
    expect(judge(withRun, goal, none)).toMatchObject({ by });
    expect(judge(withRun, goal, none)).not.toHaveProperty('guessed');
    expect(judge(withRun, goal, none, later)).toMatchObject({ by, guessed: true });
    // The run on the object is not this one: when it was written says nothing.
    const withOther = observed({ generation: 6, run: `${before}/nightly`, managers });
    expect(judge(withOther, goal, patched)).toMatchObject({ by, guessed: true });
    expect(judge(withOther, goal, patched, now)).not.toHaveProperty('guessed');
  });
});
