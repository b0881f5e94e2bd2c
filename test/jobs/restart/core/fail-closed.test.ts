import { describe, expect, it } from '@jest/globals';
import type { RestartStrategy } from '../../../../src/plan/restart-plan.ts';
import type { Effect, RunEvent } from '../../../../jobs/restart/core/events.ts';
import { createRun, type RunOptions } from '../../../../jobs/restart/core/create.ts';
import { step } from '../../../../jobs/restart/core/step.ts';
import { observed } from '../support/observed.ts';
import { makePlan } from '../support/plan.ts';

const instant = Date.UTC(2026, 10, 23, 2, 15);
const stamp = '2026-11-23T02:15:00Z';
const met = { generation: 5, stamp, run: `${stamp}/nightly` };
const query = { kind: 'Deployment', namespace: 'sts', name: 'app' } as const;
const network = { link: 'network', transient: true, message: 'no answer' } as const;
const halts = { failureBudget: { kind: 'count', count: 0 } } as const;

type Happening = RunEvent extends infer E ? (E extends unknown ? Omit<E, 'at'> : never) : never;

/** A run of one Deployment in each of two clusters, a wave each. */
function inWaves(strategy: Partial<RestartStrategy> = {}, options: RunOptions = {}) {
  const wave = { soakSeconds: 600, gates: [] };
  const waves = [
    { name: 'canary', ...wave },
    { name: 'rest', ...wave },
  ];
  const plan = makePlan(['c0', 'c1'], ['app'], { strategy: { waves, ...halts, ...strategy } });
  const targets = plan.targets.map((target, index) => ({ ...target, wave: index }));
  const goal = { instant, horizon: instant + 1000, minIntervalMs: 0, evicts: false };
  const run = createRun({ ...plan, targets }, goal, options);
  const happen = (event: Happening): readonly Effect[] => step(run, { ...event, at: instant });
  const types = (event: Happening): readonly string[] =>
    happen(event)
      .map(({ type }) => type)
      .filter((type) => type !== 'progress');
  const outcomes = (): readonly string[] =>
    run.workloads.map(({ phase }) => {
      if (phase.kind !== 'ended') return phase.kind;
      return phase.outcome.kind === 'skipped' ? phase.outcome.reason : phase.outcome.kind;
    });
  return { run, happen, types, outcomes };
}

/** The canary is proved, and soaks. */
function soaking() {
  const all = inWaves();
  all.happen({ type: 'started' });
  all.happen({ type: 'connected', cluster: 0 });
  all.happen({ type: 'reviewed', cluster: 0, denials: [] });
  all.happen({ type: 'snapshot', cluster: 0, query, items: [observed(met)] });
  expect(all.run.waves[0]?.phase).toBe('soaking');
  return all;
}

const soakOver = { type: 'timer', timer: { kind: 'soak', wave: 0 } } as const;
const deadline = { type: 'timer', timer: { kind: 'workload', workload: 0 } } as const;

describe('a soak', () => {
  it('does not end while its clusters can not be seen', () => {
    const { happen, types, outcomes } = soaking();
    happen({ type: 'observationLost', cluster: 0, query, trouble: network });
    expect(types(soakOver)).toEqual([]);
    happen(deadline);
    expect(outcomes()).toEqual(['unreachable', 'unseen']);
  });

  it('goes on where they are seen again', () => {
    const { happen, types } = soaking();
    happen({ type: 'observationLost', cluster: 0, query, trouble: network });
    happen({ type: 'snapshot', cluster: 0, query, items: [observed(met)] });
    expect(types(soakOver)).toEqual(['look']);
  });

  it('whose last look fails has shown nothing', () => {
    const { types, outcomes, run } = soaking();
    types(soakOver);
    types({ type: 'lookedAgain', cluster: 0, trouble: network });
    expect(run.stopped?.reason).toBe('wave');
    types({ type: 'connected', cluster: 1 });
    types({ type: 'reviewed', cluster: 1, denials: [] });
    types({ type: 'snapshot', cluster: 1, query, items: [observed()] });
    expect(outcomes()).toEqual(['alreadyRestarted', 'wave']);
  });
});

describe('before a run begins', () => {
  it('no gate is asked: a halt in the record is taken in first', () => {
    const check = { kind: 'prometheus', url: 'https://p', query: 'q' } as const;
    const gates = [{ kind: 'check', check, timeoutSeconds: 60 }] as const;
    const waves = [{ name: 'canary', soakSeconds: 0, gates }];
    const halted = { reason: 'budget', message: 'over' } as const;
    const progress = { wavesDone: 0, failed: [], halted };
    const { types } = inWaves({ waves: [...waves, ...waves] }, { progress });
    const control = { stop: false, paused: true, approved: [] };
    expect(types({ type: 'control', control })).toEqual([]);
    expect(types({ type: 'started' })).not.toContain('askGate');
  });

  it('a per cent of the budget is of all that an earlier attempt has known', () => {
    const failureBudget = { kind: 'percent', percent: 10 } as const;
    const failed = ['c0/Deployment/sts/app'];
    const later = inWaves({ failureBudget }, { progress: { wavesDone: 0, failed, known: 20 } });
    later.happen({ type: 'started' });
    expect(later.run.halted).toBeUndefined();
    const alone = inWaves({ failureBudget }, { progress: { wavesDone: 0, failed } });
    alone.happen({ type: 'started' });
    expect(alone.run.halted?.reason).toBe('budget');
  });
});

describe('a refused attempt at a run that has been begun', () => {
  it('still looks what has been restarted', () => {
    const memory = { kind: 'patched', uid: 'u1', generation: 5 } as const;
    const memories = new Map([['c0/Deployment/sts/app', memory]]);
    const closed = { timeZone: 'Etc/UTC', days: [5], from: 0, to: 60 };
    const { happen, outcomes } = inWaves({ windows: [closed] }, { memories });
    happen({ type: 'started' });
    for (const [cluster, object] of [observed(met), observed()].entries()) {
      happen({ type: 'connected', cluster });
      happen({ type: 'reviewed', cluster, denials: [] });
      happen({ type: 'snapshot', cluster, query, items: [object] });
      happen({ type: 'lookedAgain', cluster });
    }
    expect(outcomes()).toEqual(['alreadyRestarted', 'window']);
  });
});

describe('the time of a cluster', () => {
  it('is not held against what had no turn in it', () => {
    const { happen, outcomes, run } = inWaves({ clusterTimeoutSeconds: 60 });
    happen({ type: 'control', control: { stop: false, paused: true, approved: [] } });
    happen({ type: 'started' });
    happen({ type: 'connected', cluster: 0 });
    happen({ type: 'reviewed', cluster: 0, denials: [] });
    happen({ type: 'snapshot', cluster: 0, query, items: [observed()] });
    happen({ type: 'timer', timer: { kind: 'cluster', cluster: 0 } });
    expect(outcomes()[0]).toBe('clusterTimeout');
    expect(run.failed.size).toBe(0);
  });
});
