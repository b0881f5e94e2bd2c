import { note } from './budget.ts';
import type { Effect, RunEvent } from './events.ts';
import { isRetryable, isWell } from './outcome.ts';
import { clusterAt, waveAt, workloadAt, type Phase, type Run, type WaveState } from './state.ts';
import { halt, haltOverBudget, stop } from './stop.ts';
import { judgeAgain } from './workload.ts';

/** Opens gates and waves as their turn comes, and ends soaks. */
export function advanceWaves(run: Run, at: number, effects: Effect[]): void {
  for (;;) {
    const wave = run.waves[run.wave];
    if (!wave || run.stopped) return;
    if (wave.phase === 'waiting' && !openGates(run, wave, effects)) return;
    if (wave.phase === 'running' && !beginSoak(run, wave, at, effects)) return;
    if (wave.phase === 'soaking' && !endSoak(run, wave)) return;
    if (
      wave.phase === 'closing' &&
      wave.clusters.some((index) => clusterAt(run, index).phase !== 'closed')
    ) {
      return;
    }
    wave.phase = 'over';
    run.wave += 1;
    concludeWave(run, wave, at, effects);
    note(run, effects);
  }
}

/**
 * What could not be reached is tried by the next attempt, which soaks anew. And a wave of which
 * nothing came up has shown nothing: no later one is begun on the strength of it.
 */
function concludeWave(run: Run, wave: WaveState, at: number, effects: Effect[]): void {
  const workloads = wave.clusters
    .flatMap((index) => clusterAt(run, index).all)
    .map((index) => workloadAt(run, index));
  wave.leftOver =
    wave.blind ||
    workloads.some(({ phase }) => phase.kind === 'ended' && isRetryable(phase.outcome));
  // Told to go on over failures, it goes on over this one too.
  if (!run.plan.strategy.failureBudget) return;
  haltOverBudget(run, at, effects);
  if (run.stopped) return;
  const asked = workloads.filter(({ phase }) => !isPausedWithItsCluster(phase));
  const isLast = run.wave === run.waves.length;
  const isSeen = asked.length === 0 || asked.some(({ phase }) => isShown(phase));
  if (isLast || (isSeen && !wave.blind)) return;
  const name = run.plan.strategy.waves[wave.index]?.name ?? '';
  const why = wave.blind
    ? `wave ${name} could not be looked at after its soak`
    : `nothing of wave ${name} came up`;
  const message = `${why}, so nothing later is begun`;
  stop(run, { reason: 'wave', message, looks: true }, at, effects);
}

const isShown = (phase: Phase): boolean =>
  phase.kind === 'proved' || (phase.kind === 'ended' && isWell(phase.outcome));

const isPausedWithItsCluster = (phase: Phase): boolean =>
  phase.kind === 'ended' &&
  phase.outcome.kind === 'skipped' &&
  phase.outcome.reason === 'clusterPaused';

/** Gate after gate; with the last one passed the wave's clusters may be begun. */
function openGates(run: Run, wave: WaveState, effects: Effect[]): boolean {
  const planned = run.plan.strategy.waves[wave.index];
  // Where nothing is left to do, nobody is asked for it.
  const gates = wave.done || wave.busy === 0 ? [] : (planned?.gates ?? []);
  for (let gate = gates[wave.gates]; gate; gate = gates[wave.gates]) {
    if (gate.kind === 'approval' && run.approved.has(planned?.name ?? '')) {
      if (wave.asking) {
        effects.push({ type: 'disarm', timer: { kind: 'approval', wave: wave.index } });
      }
      passGate(wave);
      continue;
    }
    // A paused run begins nothing, nor the Job of a gate.
    if (wave.asking || (run.paused && gate.kind !== 'approval')) return false;
    wave.asking = true;
    if (gate.kind === 'approval') {
      const timer = { kind: 'approval', wave: wave.index } as const;
      effects.push({ type: 'arm', timer, afterMs: gate.timeoutSeconds * 1000 });
      const message = `wave ${planned?.name ?? ''} waits for approval`;
      effects.push({ type: 'progress', message });
    } else {
      effects.push({ type: 'askGate', wave: wave.index, gate: wave.gates });
    }
    return false;
  }
  wave.phase = 'running';
  run.queue.push(...wave.clusters);
  if (run.waves.length > 1) {
    const held = run.paused ? ', but the run is paused' : '';
    effects.push({ type: 'progress', message: `wave ${planned?.name ?? ''} begins${held}` });
  }
  return true;
}

function passGate(wave: WaveState): void {
  wave.gates += 1;
  wave.asking = false;
}

export function onGateAnswered(
  run: Run,
  event: Extract<RunEvent, { type: 'gateAnswered' }>,
  effects: Effect[],
): void {
  const wave = waveAt(run, event.wave);
  if (wave.phase !== 'waiting' || !wave.asking || wave.gates !== event.gate || run.stopped) return;
  if (event.passed) passGate(wave);
  else refuseGate(run, wave, event.message, event.at, effects);
}

export function onApprovalTimeout(run: Run, index: number, at: number, effects: Effect[]): void {
  const wave = waveAt(run, index);
  if (wave.phase !== 'waiting' || !wave.asking || run.stopped) return;
  refuseGate(run, wave, 'nobody has approved it in time', at, effects);
}

function refuseGate(run: Run, wave: WaveState, why: string, at: number, effects: Effect[]): void {
  const name = run.plan.strategy.waves[wave.index]?.name ?? '';
  halt(
    run,
    { reason: 'gate', message: `a gate of wave ${name} was not passed: ${why}` },
    at,
    effects,
  );
}

/** With all its clusters at rest the wave soaks, or is over. */
function beginSoak(run: Run, wave: WaveState, at: number, effects: Effect[]): boolean {
  if (wave.busy > 0) return false;
  const seconds = soakSeconds(run, wave);
  if (seconds === 0 || !wave.clusters.some((index) => run.soaking.has(index))) {
    wave.phase = 'closing';
    return true;
  }
  wave.phase = 'soaking';
  const timer = { kind: 'soak', wave: wave.index } as const;
  effects.push({ type: 'arm', timer, afterMs: seconds * 1000 });
  const name = run.plan.strategy.waves[wave.index]?.name ?? '';
  effects.push({ type: 'progress', message: `wave ${name} soaks for ${seconds} s` });
  // From here on what is not up counts.
  for (const index of soakers(run, wave)) judgeAgain(run, index, at, effects);
  return true;
}

export const soakSeconds = (run: Run, { index, done }: WaveState): number =>
  done ? 0 : (run.plan.strategy.waves[index]?.soakSeconds ?? 0);

/** When the time is over everything must be up; what is not is awaited by its own deadline. */
function endSoak(run: Run, wave: WaveState): boolean {
  if (!wave.soaked) return false;
  if (soakers(run, wave).some((index) => workloadAt(run, index).unsteady)) return false;
  wave.phase = 'closing';
  leaveSoak(run);
  return true;
}

/** A soaking cluster is looked at once more and closed, as soon as there is room for it. */
export function leaveSoak(run: Run): void {
  for (const index of run.soaking) {
    clusterAt(run, index).phase = 'open';
    run.queue.push(index);
  }
  run.soaking.clear();
}

const soakers = (run: Run, wave: WaveState): readonly number[] =>
  wave.clusters
    .filter((index) => run.soaking.has(index))
    .flatMap((index) => clusterAt(run, index).all);
