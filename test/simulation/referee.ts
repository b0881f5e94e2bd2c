import type { Effect, RunEvent, RunProgress } from '../../jobs/restart/core/events.ts';
import { workloadAt, type Run } from '../../jobs/restart/core/state.ts';
import type { Eviction, Observed, PatchResult } from '../../jobs/restart/ports.ts';
import type { Report } from '../../jobs/restart/report.ts';
import { checkLimits } from './invariants/limits.ts';
import { checkCalm } from './invariants/liveness.ts';
import { checkOutcome, versionsOf } from './invariants/outcomes.ts';
import { checkReport } from './invariants/report.ts';
import { checkSent } from './invariants/sending.ts';
import { must } from './invariants/violation.ts';
import { checkWave } from './invariants/waves.ts';
import { Witness, type Mode } from './invariants/witness.ts';
import type { Host } from './process/host.ts';
import type { Simulation } from './simulation.ts';
import { lineOfEffect, lineOfEvent } from './telling.ts';
import type { Version } from './world/cluster.ts';

/** Watches every process and every server, and throws where a promise is broken. */
export class Referee {
  readonly #sim: Simulation;
  readonly #witnesses = new Map<string, Witness>();
  /** `cluster/kind/namespace/name uid instant`: restarts that our patches have caused. */
  readonly #restarted = new Set<string>();
  /** The generation that an intent was last sent for, by `cluster/kind/namespace/name`. */
  readonly #intents = new Map<string, { readonly uid: string; readonly generation: number }[]>();

  constructor(sim: Simulation) {
    this.#sim = sim;
  }

  onBegin(host: Host, run: Run, mode: Mode, progress: RunProgress | undefined): void {
    const { now } = this.#sim.time;
    this.#witnesses.set(host.name, new Witness(host.name, run, mode, progress, now));
  }

  onStep(host: Host, run: Run, event: RunEvent, effects: readonly Effect[]): void {
    const { history, time, catalogue } = this.#sim;
    const witness = this.#witness(host);
    catalogue.note(`event ${event.type}`);
    history.add(time.now, host.name, lineOfEvent(event, run));
    witness.take(event);
    let patched: number | undefined;
    for (const effect of effects) {
      catalogue.note(`effect ${effect.type}`);
      history.add(time.now, host.name, lineOfEffect(effect, run));
      if (effect.type === 'connect') witness.openClusters.add(effect.cluster);
      if (effect.type === 'close') witness.openClusters.delete(effect.cluster);
      if (effect.type === 'writeAhead') this.#noteIntent(run, effect);
      if (effect.type === 'evict') checkSent(witness, effect, event);
      if (effect.type !== 'patch') continue;
      patched = effect.workload;
      checkWave(witness, workloadAt(run, patched), time.now);
      checkSent(witness, effect, event);
      witness.patches.set(patched, (witness.patches.get(patched) ?? 0) + 1);
    }
    this.#noteProofs(witness);
    checkLimits(witness, patched);
  }

  /** At the server: whatever way a patch came, it restarts its workload once. */
  onServedPatch(host: Host, cluster: number, result: PatchResult & { restarted?: boolean }): void {
    if (result.kind !== 'patched' || !result.restarted) return;
    const { object } = result;
    const { history, time, catalogue } = this.#sim;
    const { kind, namespace, name, uid } = object;
    const run = `${host.job.plan.restart} ${host.job.instant}`;
    const key = `c${cluster}/${kind}/${namespace}/${name} ${uid} ${run}`;
    history.add(time.now, `c${cluster}`, `${kind}/${namespace}/${name} is restarted`);
    must(!this.#restarted.has(key), 'once', () => `${key} is restarted a second time`);
    this.#restarted.add(key);
    if (this.#witnesses.get(host.name)?.seenEvents.has('leaseLost')) {
      catalogue.note('request in flight when the Lease was lost');
    }
  }

  onServedEviction(
    host: Host,
    cluster: number,
    seen: Observed,
    result: Eviction & { readonly wasNewest?: boolean },
  ): void {
    const what = `c${cluster}/${seen.kind}/${seen.namespace}/${seen.name}`;
    this.#sim.history.add(this.#sim.time.now, host.name, `eviction in ${what}: ${result.kind}`);
    must(result.wasNewest !== true, 'evicted', () => `a pod of ${what} that was new already`);
  }

  onReport(host: Host, run: Run, report: Report): void {
    const { catalogue, history, time } = this.#sim;
    const witness = this.#witness(host);
    const counts = JSON.stringify(report.counts);
    history.add(time.now, host.name, `reports ${report.exit.name} ${counts}`);
    if (run.stopped) catalogue.note(`stop ${run.stopped.reason}`);
    if (run.halted) catalogue.note(`halt ${run.halted.reason}`);
    for (const workload of run.workloads) {
      if (workload.phase.kind !== 'ended') continue;
      const { outcome } = workload.phase;
      catalogue.note(`outcome ${outcome.kind}`);
      if (outcome.kind === 'skipped') catalogue.note(`skipped ${outcome.reason}`);
      history.add(time.now, host.name, `  ${workload.key}: ${JSON.stringify(outcome)}`);
    }
    checkReport(witness, report);
    for (const workload of run.workloads) {
      if (workload.phase.kind !== 'ended') continue;
      const cluster = this.#sim.cluster(workload.cluster);
      const versions = versionsOf(cluster, workload);
      const mayBeWiped = this.#mayBeWiped(workload.key, versions);
      const truth = { witness, workload, versions, mayBeWiped, cluster, now: time.now };
      checkOutcome(truth, workload.phase.outcome);
    }
    if (host.job.name === 'last') checkCalm(run, report, witness.troubles.has('rbac'));
  }

  #witness(host: Host): Witness {
    const witness = this.#witnesses.get(host.name);
    if (!witness) throw new Error(`${host.name} has not begun`);
    return witness;
  }

  #noteProofs(witness: Witness): void {
    const { run, phases, provedAt } = witness;
    run.workloads.forEach(({ phase }, index) => {
      if (phase.kind === 'proved' && phases[index] !== 'proved') {
        provedAt.set(index, this.#sim.time.now);
      }
      phases[index] = phase.kind;
    });
  }

  #noteIntent(run: Run, effect: Extract<Effect, { type: 'writeAhead' }>): void {
    const { key } = workloadAt(run, effect.workload);
    const { uid, generation } = effect;
    const known = this.#intents.get(key) ?? [];
    known.push({ uid, generation });
    this.#intents.set(key, known);
  }

  /**
   * The documented price of restarting at most once: see docs/decisions/0002. And a list
   * that lags so far behind that it still has the object before the one that was stamped.
   */
  #mayBeWiped(key: string, versions: readonly Version[]): boolean {
    const isLagging = this.#sim.swarm.has('staleList') && versions.some(({ deleted }) => deleted);
    return (
      isLagging ||
      (this.#intents.get(key) ?? []).some(({ uid, generation }) =>
        versions.some(({ object }) => object.uid === uid && object.generation > generation + 1),
      )
    );
  }
}
