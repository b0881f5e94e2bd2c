import type { WorkloadState } from '../../../jobs/restart/core/state.ts';
import { must } from './violation.ts';
import type { Witness } from './witness.ts';

/** No patch in a wave while one before it is unsettled or soaks, or a gate of it is not passed. */
export function checkWave(witness: Witness, workload: WorkloadState, now: number): void {
  const { run, progress, provedAt } = witness;
  const { strategy, targets } = run.plan;
  const mine = targets[workload.cluster]?.wave ?? 0;
  for (const other of run.workloads) {
    const wave = targets[other.cluster]?.wave ?? 0;
    if (wave >= mine) continue;
    const { kind } = other.phase;
    const settled = kind === 'ended' || kind === 'proved' || kind === 'dissolved';
    must(settled, 'wave', () => `${workload.key} before ${other.key}, which is ${kind}`);
    must(
      !other.unsteady,
      'wave',
      () => `${workload.key} while ${other.key} of an earlier wave is not up`,
    );
  }
  const done = progress?.wavesDone ?? 0;
  for (const other of run.workloads) {
    const wave = targets[other.cluster]?.wave ?? 0;
    if (wave < done || wave >= mine || other.phase.kind !== 'proved') continue;
    const soakMs = (strategy.waves[wave]?.soakSeconds ?? 0) * 1000;
    const soaked = now - (provedAt.get(other.index) ?? 0);
    must(soaked >= soakMs, 'soak', () => `${workload.key} ${soaked} ms after ${other.key}`);
  }
  if (mine < done) return;
  strategy.waves[mine]?.gates.forEach((gate, index) => {
    const passed =
      gate.kind === 'approval'
        ? witness.approved.includes(strategy.waves[mine]?.name ?? '') ||
          witness.gatesPassed.has(`${mine}/${index}`)
        : witness.gatesPassed.has(`${mine}/${index}`);
    must(passed, 'gate', () => `${workload.key} before gate ${mine}/${index} was passed`);
  });
}
