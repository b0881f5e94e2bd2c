import { describe, expect, it } from '@jest/globals';
import type { PlannedWorkloads } from '../../../../src/plan/restart-plan.ts';
import type { Effect, RunEvent } from '../../../../jobs/restart/core/events.ts';
import { createRun } from '../../../../jobs/restart/core/create.ts';
import { step } from '../../../../jobs/restart/core/step.ts';
import { observed } from '../support/observed.ts';
import { makePlan, type PlanOverrides } from '../support/plan.ts';

const instant = Date.UTC(2026, 10, 23, 2, 15);
const stamp = '2026-11-23T02:15:00Z';
const place = { namespace: 'sts', kind: 'Deployment' } as const;
const query = { kind: 'Deployment', namespace: 'sts' } as const;

type Happening = RunEvent extends infer E ? (E extends unknown ? Omit<E, 'at'> : never) : never;

/** A run over one cluster with these groups, which has not begun. */
function prepared(workloads: readonly PlannedWorkloads[], overrides: PlanOverrides = {}) {
  const plan = makePlan(['c0'], [], overrides);
  const targets = plan.targets.map((target) => ({ ...target, workloads }));
  const goal = { instant, horizon: instant + 1000, minIntervalMs: 0, evicts: false };
  const run = createRun({ ...plan, targets }, goal);
  const happen = (event: Happening): readonly Effect[] => step(run, { ...event, at: instant });
  const outcomes = (): readonly string[] =>
    run.workloads.map(({ phase }) => (phase.kind === 'ended' ? phase.outcome.kind : phase.kind));
  return { run, happen, outcomes };
}

function opened(groups: readonly PlannedWorkloads[]) {
  const run = prepared(groups);
  run.happen({ type: 'started' });
  run.happen({ type: 'connected', cluster: 0 });
  run.happen({ type: 'reviewed', cluster: 0, denials: [] });
  return run;
}

describe('a run', () => {
  it('ends where the examination of all has nothing to examine', () => {
    const { run } = prepared([{ ...place, names: ['a'] }], { strategy: { preflight: 'all' } });
    const targets = run.plan.targets.map((target) => ({ ...target, paused: true as const }));
    const paused = createRun({ ...run.plan, targets }, run.goal);
    const effects = step(paused, { type: 'started', at: instant });
    expect(effects.map(({ type }) => type)).toContain('finish');
  });

  it('does not miss what a selector finds where another group has named it', () => {
    const { happen, outcomes } = opened([
      { ...place, names: ['app'] },
      { ...place, names: [], selector: { tier: 'front' } },
    ]);
    const items = [observed({ labels: { tier: 'front' } })];
    happen({ type: 'snapshot', cluster: 0, query, items });
    expect(outcomes()).toEqual(['intending', 'dissolved']);
  });

  it('does not begin what comes after a proof that is lost while the intent is written', () => {
    const { happen, outcomes } = opened([
      { ...place, names: ['app'] },
      { ...place, names: ['next'], after: [0] },
    ]);
    const met = { stamp, run: `${stamp}/nightly` };
    const next = observed({ name: 'next', uid: 'u2' });
    happen({ type: 'snapshot', cluster: 0, query, items: [observed(met), next] });
    expect(outcomes()).toEqual(['proved', 'intending']);
    happen({ type: 'changed', cluster: 0, object: observed({ generation: 5 }) });
    const effects = happen({
      type: 'writtenAhead',
      workload: 1,
      generation: 4,
      memory: { kind: 'none' },
    });
    expect(effects.map(({ type }) => type)).not.toContain('patch');
    expect(outcomes()).toEqual(['reverted', 'skipped']);
  });
});
