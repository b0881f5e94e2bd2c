import type { RunEvent, RunProgress } from '../../../jobs/restart/core/events.ts';
import type { Observed } from '../../../jobs/restart/observed.ts';
import {
  memberKey,
  matchesSelector,
  type Run,
  type WorkloadState,
} from '../../../jobs/restart/core/state.ts';
import type { WorkloadQuery } from '../../../jobs/restart/ports.ts';

export type Mode = 'dry' | 'looks' | 'works';

/** What one process has been told and has done, kept beside its core and without asking it. */
export class Witness {
  readonly name: string;
  readonly run: Run;
  readonly mode: Mode;
  readonly progress: RunProgress | undefined;
  /** Virtual milliseconds. */
  readonly beganAt: number;
  /** Why nothing new may be sent any more. */
  stopped: string | undefined;
  paused = false;
  approved: readonly string[] = [];
  readonly gatesPassed = new Set<string>();
  /** By its own clock. */
  blockersQuietAt: number | undefined;
  readonly openClusters = new Set<number>();
  /** By workload. */
  readonly patches = new Map<number, number>();
  readonly diagnosedHopeless = new Map<number, number>();
  /** The newest that was delivered, by `cluster/kind/namespace/name`; no object: that it is gone. */
  readonly delivered = new Map<string, { readonly object?: Observed; readonly at: number }>();
  /** Selectors that nothing matched: `cluster index/group`. */
  readonly matchedNothing = new Set<string>();
  /** Outcomes that the report must have, by the same. */
  readonly expected = new Set<string>();
  /** When a workload's last proof came. Virtual milliseconds. */
  readonly provedAt = new Map<number, number>();
  readonly seenEvents = new Set<string>();
  /** Links that did not hold. */
  readonly troubles = new Set<string>();
  readonly firedTimers = new Set<string>();
  phases: WorkloadState['phase']['kind'][] = [];
  readonly #resolved = new Set<string>();
  readonly #newest = new Map<
    string,
    { readonly uids: readonly string[]; readonly generation: number }
  >();

  constructor(name: string, run: Run, mode: Mode, progress: RunProgress | undefined, now: number) {
    this.name = name;
    this.run = run;
    this.mode = mode;
    this.progress = progress;
    this.beganAt = now;
    if (mode !== 'works') this.stopped = mode === 'dry' ? 'a dry run' : 'superseded';
    else if (progress?.halted) this.stopped = 'halted by an earlier attempt';
    run.plan.targets.forEach(({ cluster, workloads }) => {
      for (const { kind, namespace, names } of workloads) {
        for (const name of names) this.expected.add(`${cluster}/${kind}/${namespace}/${name}`);
      }
    });
  }

  /** Before the invariants look at what the core has made of it. */
  take(event: RunEvent): void {
    this.seenEvents.add(event.type);
    switch (event.type) {
      case 'terminating':
      case 'superseded':
      case 'leaseLost':
        this.stopped ??= event.type;
        return;
      case 'recordLost':
        this.stopped ??= event.type;
        this.troubles.add(event.trouble.link);
        return;
      case 'control':
        this.paused = event.control.paused;
        this.approved = event.control.approved;
        if (event.control.stop) this.stopped ??= 'stopped by an operator';
        return;
      case 'gateAnswered':
        if (event.passed) this.gatesPassed.add(`${event.wave}/${event.gate}`);
        else this.stopped ??= 'a gate was not passed';
        return;
      case 'blockersAnswered':
        this.blockersQuietAt = event.blocking === undefined ? event.at : undefined;
        return;
      case 'timer':
        this.firedTimers.add(JSON.stringify(event.timer));
        if (event.timer.kind === 'run') this.stopped ??= 'the time of the run is over';
        return;
      case 'snapshot':
        this.#takeSnapshot(event.cluster, event.query, event.items, event.at);
        return;
      case 'changed':
        this.#deliver(this.#key(event.cluster, event.object), event.object, event.at);
        return;
      case 'patched':
        this.#deliver(this.run.workloads[event.workload]?.key ?? '', event.object, event.at);
        return;
      case 'notPatched':
        if (event.trouble) this.troubles.add(event.trouble.link);
        this.#deliver(this.run.workloads[event.workload]?.key ?? '', event.object, event.at);
        return;
      case 'deleted':
        this.#deliver(this.#key(event.cluster, event), undefined, event.at);
        return;
      case 'clusterLost':
      case 'observationLost':
      case 'patchUnsure':
      case 'patchRefused':
        this.troubles.add(event.trouble.link);
        return;
      case 'evicted':
        if (event.answer.kind === 'trouble') this.troubles.add(event.answer.trouble.link);
        return;
      case 'reviewed':
        if (event.denials.length > 0) this.troubles.add('rbac');
        return;
      case 'diagnosed': {
        const times = this.diagnosedHopeless.get(event.workload) ?? 0;
        this.diagnosedHopeless.set(event.workload, times + (event.diagnosis.hopeless ? 1 : 0));
        return;
      }
      case 'started':
      case 'connected':
      case 'writtenAhead':
      case 'lookedAgain':
      case 'graceOver':
        return;
    }
  }

  /** What is older than what was seen before tells nothing. */
  #deliver(key: string, object: Observed | undefined, at: number): void {
    const newest = this.#newest.get(key) ?? { uids: [], generation: 0 };
    if (object) {
      const { uids, generation } = newest;
      if (uids.slice(0, -1).includes(object.uid)) return;
      const isSame = uids.at(-1) === object.uid;
      if (isSame && object.generation < generation) return;
      const known = isSame ? uids : [...uids, object.uid];
      this.#newest.set(key, { uids: known, generation: object.generation });
    }
    this.delivered.set(key, { at, ...(object && { object }) });
  }

  /** What a selector finds first is what its group is. */
  #takeSnapshot(
    cluster: number,
    query: WorkloadQuery,
    items: readonly Observed[],
    at: number,
  ): void {
    const target = this.run.plan.targets[cluster];
    if (!target) return;
    const found = new Set(items.map((object) => this.#key(cluster, object)));
    for (const object of items) this.#deliver(this.#key(cluster, object), object, at);
    for (const [key, { object }] of this.delivered) {
      if (!key.startsWith(`${target.cluster}/${query.kind}/${query.namespace}/`)) continue;
      if (query.name !== undefined && object?.name !== query.name) continue;
      if (!found.has(key)) this.#deliver(key, undefined, at);
    }
    if (!this.openClusters.has(cluster)) return;
    target.workloads.forEach(({ kind, namespace, selector }, group) => {
      const place = `${cluster}/${group}`;
      if (!selector || kind !== query.kind || namespace !== query.namespace) return;
      const standIn = this.run.workloads.find(
        (one) => one.cluster === cluster && one.group === group && one.key.endsWith('/?'),
      );
      // Denied or lost before it was known what it stands for: it has a line of its own.
      const before = this.phases[standIn?.index ?? -1] ?? 'unseen';
      if (before !== 'unseen' || this.#resolved.has(place)) return;
      this.#resolved.add(place);
      const matches = items.filter(({ labels }) => matchesSelector(selector, labels));
      for (const object of matches) this.expected.add(this.#key(cluster, object));
      if (matches.length === 0) this.matchedNothing.add(place);
    });
  }

  #key(cluster: number, id: Parameters<typeof memberKey>[0]): string {
    return `${this.run.plan.targets[cluster]?.cluster ?? ''}/${memberKey(id)}`;
  }
}
