import type { SimClock } from '../../clock.ts';
import type { KubeObject } from '../objects.ts';
import type { FailureMode } from '../pods/rollout-behaviour.ts';
import type { Revision, SetKind, SetPod, SetView } from './set-kind.ts';

/** The set's object as it stands when a pod has changed of itself, and who is to be told. */
export interface SetContext {
  readonly object: KubeObject;
  readonly shown: () => void;
}

const none: Revision = { hash: '', template: {} };

/** The pods of one set, and what is done with them next: one at a time, unless they are parallel. */
export class PodSet {
  /** How pods fail that are made of a template that is not proven. */
  failing: FailureMode | undefined;
  readonly #kind: SetKind;
  readonly #clock: SimClock;
  readonly #context: () => SetContext | undefined;
  readonly #timers = new Map<SetPod, () => void>();
  #pods: readonly SetPod[] = [];
  #serial = 0;
  #wanted = 0;
  #observedGeneration = 0;
  #update = none;
  #current = none;
  /** The revision that worked before any failure. */
  #proven = '';
  #changed = false;
  #goal = '';
  #overdue = false;
  #endsAt = 0;

  constructor(
    kind: SetKind,
    clock: SimClock,
    failing: FailureMode | undefined,
    context: () => SetContext | undefined,
  ) {
    this.#kind = kind;
    this.#clock = clock;
    this.failing = failing;
    this.#context = context;
  }

  get pods(): readonly SetPod[] {
    return this.#pods;
  }

  /** All there and ready since `made`. */
  settle(object: KubeObject, revision: Revision, made: number): void {
    this.#observe(object);
    this.#update = revision;
    this.#current = revision;
    this.#proven = revision.hash;
    this.#pods = Array.from({ length: this.#wanted }, (_, slot) => ({
      ...{ slot, serial: slot, revision, createdAt: made, failing: undefined, ready: true },
    }));
    this.#serial = this.#wanted;
  }

  /** Takes notice of a change; what begins with it ends in `totalMs`. */
  reconcile(object: KubeObject, update: Revision, totalMs: number): void {
    this.#observe(object);
    this.#changed ||= update.hash !== this.#update.hash;
    this.#update = update;
    if (this.#current === none) this.#current = update;
    const goal = this.#kind.goal?.(object, update) ?? update.hash;
    const isUnderWay = this.#timers.size > 0 && goal === this.#goal;
    this.#goal = goal;
    if (!isUnderWay) {
      this.#endsAt = this.#clock.now() + totalMs;
      this.#overdue = false;
    }
    for (const pod of this.#pods.filter(({ slot }) => slot >= this.#wanted)) this.remove(pod);
    this.#advance(object);
  }

  remove(pod: SetPod): void {
    this.#timers.get(pod)?.();
    this.#timers.delete(pod);
    this.#pods = this.#pods.filter((one) => one !== pod);
  }

  /** The status to be written now. */
  takeStatus(object: KubeObject): Readonly<Record<string, unknown>> {
    if (this.#kind.completes(object, this.#view())) this.#current = this.#update;
    const status = this.#kind.status(object, this.#view());
    this.#changed = false;
    return status;
  }

  close(): void {
    for (const stop of this.#timers.values()) stop();
    this.#timers.clear();
  }

  #observe(object: KubeObject): void {
    this.#observedGeneration = object.metadata.generation ?? 0;
    this.#wanted = this.#kind.wanted(object);
  }

  #missing(): readonly number[] {
    const slots = Array.from({ length: this.#wanted }, (_, slot) => slot);
    return slots.filter((slot) => !this.#pods.some((pod) => pod.slot === slot));
  }

  /** Those to be replaced: broken ones first, then from the highest place down. */
  #stale(object: KubeObject): readonly SetPod[] {
    return this.#pods
      .filter((pod) => this.#kind.stale(object, pod, this.#view()))
      .toSorted((a, b) => Number(a.ready) - Number(b.ready) || b.slot - a.slot);
  }

  #advance(object: KubeObject): void {
    const parallel = this.#kind.parallel(object);
    const [firstMissing, ...others] = this.#missing();
    const waiting = this.#pods.filter(({ ready }) => !ready);
    if (parallel) {
      for (const slot of [firstMissing, ...others])
        if (slot !== undefined) this.#make(object, slot);
      if (firstMissing !== undefined) return;
    } else if (firstMissing !== undefined) {
      // In order: each waits for those before it.
      if (waiting.every(({ slot }) => slot > firstMissing)) this.#make(object, firstMissing);
      return;
    } else if (waiting.length > 0) return;
    const [stale] = this.#stale(object);
    if (!stale || waiting.some((pod) => pod !== stale)) return;
    this.remove(stale);
    this.#make(object, stale.slot);
  }

  #make(object: KubeObject, slot: number): void {
    const revision = this.#kind.revisionAt(object, slot, this.#view());
    // Where a restart makes pods of the same template again, they fail too.
    const works = revision.hash === this.#proven && !this.#kind.goal;
    const pending = Math.max(1, this.#missing().length + this.#stale(object).length);
    const pod: SetPod = {
      slot,
      serial: this.#serial++,
      revision,
      createdAt: this.#clock.now(),
      failing: works ? undefined : this.failing,
      ready: false,
    };
    this.#pods = [...this.#pods, pod].toSorted((a, b) => a.slot - b.slot);
    // What is left is shared among those that are still to be made: the last is ready at the end.
    const left = Math.max(0, this.#endsAt - pod.createdAt);
    const after = pod.failing ? left : left / pending;
    this.#timers.set(
      pod,
      this.#clock.after(after, () => {
        this.#timers.delete(pod);
        this.#due(pod);
      }),
    );
  }

  #due(pod: SetPod): void {
    const context = this.#context();
    if (!context) return;
    if (pod.failing) this.#overdue = true;
    else {
      pod.ready = true;
      this.#advance(context.object);
    }
    context.shown();
  }

  #view(): SetView {
    return {
      pods: this.#pods,
      wanted: this.#wanted,
      update: this.#update,
      current: this.#current,
      observedGeneration: this.#observedGeneration,
      changed: this.#changed,
      overdue: this.#overdue,
      now: this.#clock.now(),
    };
  }
}
