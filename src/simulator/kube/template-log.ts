import type { Deployment } from './deployments.ts';
import { stampOf, templateHash } from './deployments.ts';
import type { StoreEvent } from './history.ts';
import { deployments } from './resources.ts';
import type { Store } from './store.ts';

/** A pod template that was written. */
export interface TemplateRevision {
  /** `metadata.generation` from which on it holds. */
  readonly generation: number;
  /** The same for the same template. */
  readonly hash: string;
  /** Its `kubectl.kubernetes.io/restartedAt`. */
  readonly restartedAt?: string;
}

/** What became of the pod template of one Deployment. */
export interface TemplateGenerations {
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
      const [namespace = '', name = ''] = key.split('/');
      const restarts = new Set(revisions.map(({ hash }) => hash)).size - 1;
      return { namespace, name, revisions: [...revisions], restarts };
    });
  }

  close(): void {
    this.#unsubscribe();
  }

  #onEvent({ resource, type, object, previous }: StoreEvent): void {
    // A status write keeps the spec as it is, the very same object.
    if (resource !== deployments || type === 'DELETED' || object.spec === previous?.spec) return;
    const deployment = object as Deployment;
    const { namespace = '', name, generation = 0 } = deployment.metadata;
    const hash = templateHash(deployment.spec.template);
    const revisions = this.#revisions.get(`${namespace}/${name}`) ?? [];
    if (revisions.at(-1)?.hash === hash) return;
    const restartedAt = stampOf(deployment);
    revisions.push({ generation, hash, ...(restartedAt !== undefined && { restartedAt }) });
    this.#revisions.set(`${namespace}/${name}`, revisions);
  }
}
