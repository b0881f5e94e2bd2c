import { templateHash } from './deployments.ts';
import type { StoreEvent } from './history.ts';
import { isRestartable, stampOf } from './restartable.ts';
import type { RestartableKind } from './restartable.ts';
import { specOf } from './sets/sets.ts';
import type { Store } from './store.ts';

/** A pod template that was written. */
export interface TemplateRevision {
  /** `metadata.generation` from which on it holds. */
  readonly generation: number;
  /** The same for the same template; of a Rollout, for the same template and `restartAt`. */
  readonly hash: string;
  /** Its `kubectl.kubernetes.io/restartedAt`, or the Rollout's `restartAt`. */
  readonly restartedAt?: string;
}

/** What became of the pod template of one workload. */
export interface TemplateGenerations {
  readonly kind: RestartableKind;
  readonly namespace: string;
  readonly name: string;
  /** In order, the first one included, and one that came back (a revert) again. */
  readonly revisions: readonly TemplateRevision[];
  /** Distinct templates after the first: how often its pods were given something new. */
  readonly restarts: number;
}

/**
 * Counts restarts where they are caused: at each write of a pod template, also when two come so
 * fast that one rollout covers both. What is deleted stays counted.
 */
export class TemplateLog {
  readonly #revisions = new Map<string, TemplateRevision[]>();
  readonly #unsubscribe: () => void;

  constructor(store: Store) {
    this.#unsubscribe = store.subscribe((event) => {
      this.#onEvent(event);
    });
  }

  generations(): readonly TemplateGenerations[] {
    return [...this.#revisions].map(([key, revisions]) => {
      const [kind, namespace, name] = key.split('/') as [RestartableKind, string, string];
      const restarts = new Set(revisions.map(({ hash }) => hash)).size - 1;
      return { kind, namespace, name, revisions: [...revisions], restarts };
    });
  }

  close(): void {
    this.#unsubscribe();
  }

  #onEvent({ resource, type, object, previous }: StoreEvent): void {
    // A status write keeps the spec as it is, the very same object.
    if (!isRestartable(resource) || type === 'DELETED' || object.spec === previous?.spec) return;
    const { namespace = '', name, generation = 0 } = object.metadata;
    const restartedAt = stampOf(object);
    const template = templateHash(specOf(object).template ?? {});
    const hash = resource.custom ? `${template} ${restartedAt ?? ''}` : template;
    const key = `${resource.kind}/${namespace}/${name}`;
    const revisions = this.#revisions.get(key) ?? [];
    if (revisions.at(-1)?.hash === hash) return;
    revisions.push({ generation, hash, ...(restartedAt !== undefined && { restartedAt }) });
    this.#revisions.set(key, revisions);
  }
}
