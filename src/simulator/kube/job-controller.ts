import type { SimClock } from '../clock.ts';
import { at } from './fields.ts';
import type { StoreEvent } from './history.ts';
import type { Writer } from './managed-fields.ts';
import type { KubeObject } from './objects.ts';
import { timestamp } from './objects.ts';
import { jobs } from './resources.ts';
import type { Store } from './store.ts';
import type { Writes } from './writes.ts';

/** How a Job ends. */
export interface JobBehaviour {
  readonly seconds: number;
  /** Default: it succeeds. */
  readonly fails?: boolean;
}

const usual: JobBehaviour = { seconds: 2 };
const lookAfterMs = 50;
const writer: Writer = {
  manager: 'kube-controller-manager',
  operation: 'Update',
  subresource: 'status',
};

/** Plays every Job to its end, without pods (pkg/controller/job/job_controller.go). */
export class JobController {
  readonly #store: Store;
  readonly #writes: Writes;
  readonly #clock: SimClock;
  readonly #behaviours = new Map<string, JobBehaviour>();
  readonly #timers = new Map<string, () => void>();
  readonly #unsubscribe: () => void;

  constructor(store: Store, writes: Writes, clock: SimClock) {
    this.#store = store;
    this.#writes = writes;
    this.#clock = clock;
    this.#unsubscribe = store.subscribe((event) => {
      this.#onEvent(event);
    });
  }

  /** Of Jobs made from now on whose name begins so; the longest prefix counts. */
  play(prefix: string, behaviour: JobBehaviour): void {
    this.#behaviours.set(prefix, behaviour);
  }

  close(): void {
    this.#unsubscribe();
    for (const stop of this.#timers.values()) stop();
  }

  #onEvent({ resource, type, object }: StoreEvent): void {
    if (resource !== jobs) return;
    const uid = object.metadata.uid ?? '';
    if (type === 'DELETED') {
      this.#timers.get(uid)?.();
      this.#timers.delete(uid);
    } else if (type === 'ADDED')
      this.#later(object, lookAfterMs, (job) => {
        this.#start(job);
      });
  }

  #start(job: KubeObject): void {
    const startTime = timestamp(this.#clock.now());
    const running = { active: 1, ready: 1, startTime, terminating: 0, uncountedTerminatedPods: {} };
    this.#write(job, running);
    const { seconds, fails = false } = this.#behaviourOf(job.metadata.name);
    const deadline = at(job.spec, 'activeDeadlineSeconds');
    const isLate = typeof deadline === 'number' && deadline < seconds;
    const after = Math.max(0, (isLate ? deadline : seconds) * 1000 - lookAfterMs);
    this.#later(job, after, (current) => {
      const end = isLate ? deadlineExceeded : fails ? backoffLimitExceeded : completed;
      this.#end(current, startTime, end);
    });
  }

  #end(job: KubeObject, startTime: string, { types, reason, message, counts }: Ending): void {
    const time = timestamp(this.#clock.now());
    const isComplete = types.includes('Complete');
    this.#write(job, {
      ...counts,
      ready: 0,
      startTime,
      ...(isComplete && { completionTime: time }),
      terminating: 0,
      uncountedTerminatedPods: {},
      conditions: types.map((type) => ({
        type,
        status: 'True',
        lastProbeTime: time,
        lastTransitionTime: time,
        reason,
        message,
      })),
    });
    const ttl = at(job.spec, 'ttlSecondsAfterFinished');
    if (typeof ttl === 'number')
      this.#later(job, ttl * 1000, ({ metadata }) => {
        this.#store.remove(jobs, metadata.namespace, metadata.name);
      });
  }

  #write(job: KubeObject, status: object): void {
    this.#writes.update(jobs, job, { ...job, status }, writer);
  }

  #later({ metadata }: KubeObject, ms: number, run: (job: KubeObject) => void): void {
    const { uid = '', namespace, name } = metadata;
    const stop = this.#clock.after(ms, () => {
      this.#timers.delete(uid);
      const job = this.#store.get(jobs, namespace, name);
      if (job) run(job);
    });
    this.#timers.set(uid, stop);
  }

  #behaviourOf(name: string): JobBehaviour {
    const [longest] = [...this.#behaviours]
      .filter(([prefix]) => name.startsWith(prefix))
      .toSorted(([a], [b]) => b.length - a.length);
    return longest?.[1] ?? usual;
  }
}

interface Ending {
  /** First what the controller has decided, then what has come to be (KEP-3998). */
  readonly types: readonly string[];
  readonly reason: string;
  readonly message: string;
  readonly counts: Readonly<Record<string, number>>;
}

const completed: Ending = {
  types: ['SuccessCriteriaMet', 'Complete'],
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
  counts: { succeeded: 1 },
};
const backoffLimitExceeded: Ending = {
  types: ['FailureTarget', 'Failed'],
  reason: 'BackoffLimitExceeded',
  message: 'Job has reached the specified backoff limit',
  counts: { failed: 1 },
};
const deadlineExceeded: Ending = {
  types: ['FailureTarget', 'Failed'],
  reason: 'DeadlineExceeded',
  message: 'Job was active longer than specified deadline',
  counts: { failed: 1 },
};
