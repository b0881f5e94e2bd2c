import { describe, expect, it } from '@jest/globals';
import type { Effect, RunEvent } from '../../../../jobs/restart/core/events.ts';
import type { Memory } from '../../../../jobs/restart/core/judge.ts';
import type { Outcome } from '../../../../jobs/restart/core/outcome.ts';
import { createRun } from '../../../../jobs/restart/core/create.ts';
import { step } from '../../../../jobs/restart/core/step.ts';
import type { Observed } from '../../../../jobs/restart/ports.ts';
import { observed } from '../support/observed.ts';
import { makePlan } from '../support/plan.ts';

const instant = Date.UTC(2026, 10, 23, 2, 15);
const stamp = '2026-11-23T02:15:00Z';
const run = `${stamp}/nightly`;
const network = { link: 'network', transient: true, message: 'lost' } as const;
const none: Memory = { kind: 'none' };
const rolling = { updatedReplicas: 1 };

const plan = makePlan(['c0'], ['app'], {
  strategy: { maxConcurrentClusters: 1, maxConcurrentRollouts: 1 },
});

type Happening = RunEvent extends infer E ? (E extends unknown ? Omit<E, 'at'> : never) : never;

/** A run of one workload, which has been seen at generation 4 and whose intent is being written. */
function begun(memory: Memory = none) {
  const goal = { instant, horizon: instant + 24 * 3600 * 1000, minIntervalMs: 0, evicts: false };
  const memories = new Map(memory.kind === 'none' ? [] : [['c0/Deployment/sts/app', memory]]);
  const state = createRun(plan, goal, { memories });
  const happen = (event: Happening): readonly Effect[] => step(state, { ...event, at: instant });
  happen({ type: 'started' });
  happen({ type: 'connected', cluster: 0 });
  happen({ type: 'reviewed', cluster: 0, denials: [] });
  const query = { kind: 'Deployment', namespace: 'sts', name: 'app' } as const;
  let listed = false;
  const see = (object: Observed) => {
    const items = [object];
    const event: Happening = listed
      ? { type: 'changed', cluster: 0, object }
      : { type: 'snapshot', cluster: 0, query, items };
    listed = true;
    return happen(event);
  };
  const writtenAhead = (generation: number, prior: Memory = none) =>
    happen({ type: 'writtenAhead', workload: 0, generation, memory: prior });
  const outcome = (): Outcome | undefined => {
    const phase = state.workloads[0]?.phase;
    return phase?.kind === 'ended' ? phase.outcome : undefined;
  };
  return { happen, see, writtenAhead, outcome, phase: () => state.workloads[0]?.phase.kind };
}

const types = (effects: readonly Effect[]): readonly string[] =>
  effects.map(({ type }) => type).filter((type) => type !== 'progress');

describe('one workload', () => {
  it('is written ahead, patched on what was seen, and proved by what comes after', () => {
    const { happen, see, writtenAhead, phase } = begun();
    expect(types(see(observed()))).toEqual(['arm', 'writeAhead']);
    expect(writtenAhead(4)).toEqual([{ type: 'patch', workload: 0, resourceVersion: '100' }]);
    const patched = observed({ generation: 5, stamp, run, status: { observedGeneration: 4 } });
    expect(types(happen({ type: 'patched', workload: 0, object: patched }))).toEqual(['remember']);
    // Complete by its counts, but of the generation before.
    expect(phase()).toBe('rolling');
    expect(types(see(observed({ generation: 5, stamp, run })))).toEqual(['disarm', 'look']);
    expect(types(happen({ type: 'lookedAgain', cluster: 0 }))).toEqual(['close', 'note', 'finish']);
  });

  it('takes the watch that ran ahead of the answer to its patch', () => {
    const { happen, see, writtenAhead, phase } = begun();
    see(observed());
    writtenAhead(4);
    see(observed({ generation: 5, stamp, run }));
    const answer = observed({ generation: 5, stamp, run, status: { observedGeneration: 4 } });
    happen({ type: 'patched', workload: 0, object: answer });
    expect(phase()).toBe('proved');
  });

  it('is not written ahead for a generation that carries its stamp already', () => {
    const { see, writtenAhead, phase } = begun();
    see(observed());
    see(observed({ generation: 5, stamp, run, status: rolling }));
    expect(types(writtenAhead(4))).toEqual([]);
    expect(phase()).toBe('rolling');
  });

  it('is written ahead again where someone else has changed it meanwhile', () => {
    const { see, writtenAhead } = begun();
    see(observed());
    see(observed({ generation: 5, resourceVersion: '101' }));
    expect(writtenAhead(4)).toMatchObject([{ type: 'writeAhead', generation: 5 }]);
    expect(writtenAhead(5)).toMatchObject([{ type: 'patch', resourceVersion: '101' }]);
  });

  it('is not patched again when a lost patch landed late and was wiped', () => {
    const { happen, see, writtenAhead, outcome } = begun();
    see(observed());
    writtenAhead(4);
    const before = observed();
    happen({ type: 'notPatched', workload: 0, object: before, trouble: network });
    writtenAhead(4);
    // The second patch conflicts, for the first has landed, and been wiped, since.
    const wiped = observed({ generation: 6, resourceVersion: '103' });
    expect(types(happen({ type: 'notPatched', workload: 0, object: wiped }))).not.toContain(
      'writeAhead',
    );
    expect(outcome()?.kind).toBe('reverted');
  });

  it.each(['rbac', 'mapping'] as const)(
    'is patched again after a refusal that passes (%s), whatever others changed: nothing of ours landed',
    (link) => {
      const { happen, see, writtenAhead } = begun();
      see(observed());
      writtenAhead(4);
      const scaled = observed({ generation: 9, resourceVersion: '109' });
      const trouble = { link, transient: true, message: 'refused' };
      const effects = happen({ type: 'notPatched', workload: 0, object: scaled, trouble });
      expect(effects).toMatchObject([{ type: 'writeAhead', generation: 9 }]);
    },
  );

  it('is patched again after a conflict with a change by someone else', () => {
    const { happen, see, writtenAhead } = begun();
    see(observed());
    writtenAhead(4);
    const scaled = observed({ generation: 9, resourceVersion: '109' });
    const effects = happen({ type: 'notPatched', workload: 0, object: scaled });
    expect(effects).toMatchObject([{ type: 'writeAhead', generation: 9 }]);
    expect(writtenAhead(9)).toMatchObject([{ type: 'patch', resourceVersion: '109' }]);
  });

  it('moves on after a view from before another attempt’s patch', () => {
    const { see, writtenAhead, phase } = begun();
    see(observed());
    writtenAhead(4, { kind: 'patched', uid: 'u1', generation: 5 });
    see(observed({ generation: 5, stamp, run }));
    expect(phase()).toBe('proved');
  });

  it('does not fight over an object that is made anew when it is stamped', () => {
    const { happen, see, writtenAhead, outcome } = begun();
    see(observed());
    writtenAhead(4);
    happen({
      type: 'patched',
      workload: 0,
      object: observed({ generation: 5, stamp, run, status: rolling }),
    });
    see(observed({ uid: 'u2', generation: 1 }));
    expect(outcome()).toMatchObject({ kind: 'reverted' });
  });

  it.each([
    ['who owns another stamp since before did not undo ours', '2026-11-23T02:15:01Z', true],
    ['who owns another stamp since then did', '2026-11-23T02:15:02Z', undefined],
  ])('keeps in mind when its stamp was written: %s', (_, time, guessed) => {
    const { happen, see, writtenAhead, outcome } = begun();
    const managers = (manager: string, when: string, ownsStamp = false) => [
      { manager, operation: 'Update', time: when, ...(ownsStamp && { ownsStamp }) },
    ];
    see(observed());
    writtenAhead(4);
    happen({
      type: 'patched',
      workload: 0,
      object: observed({
        generation: 5,
        stamp,
        run,
        managers: managers('rollcall', '2026-11-23T02:15:02Z', true),
      }),
    });
    see(observed({ generation: 6, managers: managers('kubectl-create', time, true) }));
    const { message, ...rest } = outcome() as Extract<Outcome, { kind: 'reverted' }>;
    expect(message).toContain('replaced after it was stamped');
    expect(rest).toEqual({ kind: 'reverted', by: 'kubectl-create', ...(guessed && { guessed }) });
  });

  it('has a deadline, also where its record is of a cluster’s future', () => {
    const { happen, see, outcome } = begun({ kind: 'patched', uid: 'u1', generation: 100 });
    expect(types(see(observed()))).toEqual(['arm']);
    happen({ type: 'timer', timer: { kind: 'workload', workload: 0 } });
    expect(outcome()?.kind).toBe('timedOut');
  });

  it('is unreachable, not timed out, when nothing was heard of it at its deadline', () => {
    const { happen, see, writtenAhead, outcome } = begun();
    see(observed());
    writtenAhead(4);
    happen({
      type: 'patched',
      workload: 0,
      object: observed({ generation: 5, stamp, run, status: rolling }),
    });
    happen({
      type: 'observationLost',
      cluster: 0,
      query: { kind: 'Deployment', namespace: 'sts', name: 'app' },
      trouble: network,
    });
    happen({ type: 'timer', timer: { kind: 'workload', workload: 0 } });
    expect(outcome()).toMatchObject({ kind: 'unreachable', link: 'network' });
  });

  it('ends when a later run has begun while its intent is being written', () => {
    const { happen, see, writtenAhead, outcome } = begun();
    see(observed());
    happen({ type: 'superseded' });
    expect(outcome()).toMatchObject({ kind: 'skipped', reason: 'superseded' });
    expect(writtenAhead(4)).toEqual([]);
  });

  it.each([
    ['its stamp gone', observed({ generation: 6, run })],
    ['replaced and paused', observed({ generation: 6, paused: true })],
    ['made anew and paused', observed({ uid: 'u2', generation: 1, paused: true })],
  ])('loses its proof when it is seen with %s', (_, object) => {
    const { happen, see, writtenAhead, outcome } = begun();
    see(observed());
    writtenAhead(4);
    happen({ type: 'patched', workload: 0, object: observed({ generation: 5, stamp, run }) });
    see(object);
    expect(outcome()?.kind).toBe('reverted');
  });

  it('keeps its proof when it is scaled, and when its pods fail later', () => {
    const { happen, see, writtenAhead, phase } = begun();
    see(observed());
    writtenAhead(4);
    happen({ type: 'patched', workload: 0, object: observed({ generation: 5, stamp, run }) });
    see(observed({ generation: 6, stamp, run, replicas: 9 }));
    see(observed({ generation: 6, stamp, run, status: { availableReplicas: 0 } }));
    expect(phase()).toBe('proved');
  });
});
