/** A deliberate mistake in what decides: one text of one file, replaced by another. */
export interface Mutant {
  readonly name: string;
  /** Within `jobs/restart`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** Each must be caught by an invariant, within so many seeds. */
export const seedsForMutant = 10_000;

export const mutants: readonly Mutant[] = [
  {
    name: 'a stamp that was undone is set again',
    file: 'core/judge.ts',
    from: '  if (undone !== undefined) {',
    to: '  if (undone !== undefined && false) {',
  },
  {
    name: 'a rollout is proved by its stamp alone',
    file: 'core/judge.ts',
    from: '  const status = rolloutStatus(observed);',
    to: "  const status = rolloutStatus(observed); if (status.kind === 'waiting') return { kind: 'complete', stamp: formatInstant(stamp) };",
  },
  {
    name: 'what was replaced whole is taken for never restarted',
    file: 'core/judge.ts',
    from: "return 'the object was replaced after it was stamped: stamp and run are gone';",
    to: 'return undefined;',
  },
  {
    name: 'a patch that may have landed is sent again',
    file: 'core/judge.ts',
    from: 'observed.generation > memory.generation + 1',
    to: 'observed.generation > memory.generation + 1000',
  },
  {
    name: 'a patch follows its intent whatever has happened meanwhile',
    file: 'core/workload.ts',
    from: '!mayBegin(run, event.at, effects)',
    to: 'false',
  },
  {
    name: 'the limit of rollouts is off by one',
    file: 'core/advance.ts',
    from: 'cluster.inFlight < maxConcurrentRollouts',
    to: 'cluster.inFlight <= maxConcurrentRollouts',
  },
  {
    name: 'the limit of clusters is off by one',
    file: 'core/advance.ts',
    from: 'run.active.size < run.plan.strategy.maxConcurrentClusters',
    to: 'run.active.size <= run.plan.strategy.maxConcurrentClusters',
  },
  {
    name: 'a wave does not wait for the one before',
    file: 'core/waves.ts',
    from: '  if (wave.busy > 0) return false;',
    to: '',
  },
  {
    name: 'nothing soaks',
    file: 'core/waves.ts',
    from: '  if (!wave.soaked) return false;',
    to: '',
  },
  {
    name: 'gates are passed by asking',
    file: 'core/waves.ts',
    from: "    if (wave.asking || (run.paused && gate.kind !== 'approval')) return false;",
    to: '    if (wave.asking) { passGate(wave); continue; }',
  },
  {
    name: 'what comes after begins at once',
    file: 'core/order.ts',
    from: 'clusterAt(run, workload.cluster).unproved[group] === 0',
    to: 'group >= 0',
  },
  {
    name: 'the budget allows one more',
    file: 'core/budget.ts',
    from: '  return size > allowed',
    to: '  return size > allowed + 1',
  },
  {
    name: 'a timeout is no failure',
    file: 'core/outcome.ts',
    from: "  outcome.kind === 'timedOut' ||\n  outcome.kind === 'reverted';",
    to: "  outcome.kind === 'timedOut' &&\n  outcome.kind === 'reverted';",
  },
  {
    name: 'a halted run goes on in the next pod',
    file: 'core/create.ts',
    from: '    halted: progress?.halted,',
    to: '    halted: undefined,',
  },
  {
    name: 'a lost Lease stops nothing',
    file: 'core/step.ts',
    from: "      stop(run, { reason: 'lock', looks: false }, at, effects);",
    to: '',
  },
  {
    name: 'a pause is not heeded',
    file: 'core/permit.ts',
    from: 'run.stopped || run.paused ||',
    to: 'run.stopped ||',
  },
  {
    name: 'blockers that were quiet once are quiet for ever',
    file: 'core/permit.ts',
    from: "blockers.phase === 'quiet' && age >= 0 && age < blockersHoldMs",
    to: "blockers.phase === 'quiet'",
  },
  {
    name: 'a halt is forgotten when two attempts write at once',
    file: 'record/merge.ts',
    from: '  const halted = a.halted ?? b.halted;',
    to: '  const halted = b.halted;',
  },
  {
    name: 'a Lease is taken before its time is over',
    file: 'lease/judge.ts',
    from: 'lease.durationSeconds * 1000',
    to: 'lease.durationSeconds * 100',
  },
  {
    name: 'an intent replaces what was patched',
    file: 'record/merge.ts',
    from: "if (!known || known.uid !== entry.uid || isSame(known, own)) return { kind: 'none' };",
    to: "if (!known || known.uid !== entry.uid || !isSame(known, own)) return { kind: 'none' };",
  },
  {
    name: 'old news is taken for new',
    file: 'core/sight.ts',
    from: '  if (newest?.uid === uid && generation < newest.generation) return false;',
    to: '',
  },
  {
    name: 'a dry run that is not dry',
    file: 'core/create.ts',
    from: "dryRun || strategy.preflight === 'all'",
    to: "strategy.preflight === 'all'",
  },
  {
    name: 'a list without a workload says nothing',
    file: 'core/cluster.ts',
    from: '  for (const index of absent) observe(run, index, undefined, at, effects);',
    to: '',
  },
  {
    name: 'the end of a stage with nothing to do is not the end',
    file: 'core/advance.ts',
    from: 'effects.length > before || run.stage !== stage',
    to: 'effects.length > before',
  },
];
