import type { Deployment } from './deployments.ts';
import { stampOf } from './deployments.ts';
import type { FieldSet } from './field-sets.ts';
import { fieldsOf, fromFieldsV1, toFieldsV1, union, without } from './field-sets.ts';
import type { StoreEvent } from './history.ts';
import type { Writer } from './managed-fields.ts';
import type { StringMap } from './objects.ts';
import { deployments } from './resources.ts';
import { notFound } from './status-error.ts';
import type { Store } from './store.ts';
import type { Writes } from './writes.ts';

/** In the middle of the rollout, or in the very tick of its end, right after the status that shows it. */
export type RevertMoment = 'before-completion' | 'after-completion';

const agent: Writer = { manager: 'argocd-controller', operation: 'Update' };

/**
 * Undoes the next stamp on one workload once, as Argo CD does with `Replace=true`: a full replace
 * with the template and the annotations from before the stamp. Until then nothing is to be seen but
 * that the workload's fields are the agent's.
 */
export class GitOpsAgent {
  readonly #store: Store;
  readonly #writes: Writes;
  readonly #subscriptions = new Set<() => void>();

  constructor(store: Store, writes: Writes) {
    this.#store = store;
    this.#writes = writes;
  }

  /** 404 `StatusError` when there is no such Deployment. */
  revertStamp(namespace: string, name: string, when: RevertMoment): void {
    const workload = this.#read(namespace, name);
    if (!workload) throw notFound(deployments, name);
    this.#store.put(deployments, madeByAgent(workload));

    let prior: Deployment | undefined;
    const unsubscribe = this.#store.subscribe((event) => {
      const change = changeOf(event, namespace, name);
      if (!change) return;
      const { object, previous } = change;
      if (isStamped(object, previous)) prior ??= previous;
      if (!prior || moment(object) !== when) return;
      unsubscribe();
      this.#subscriptions.delete(unsubscribe);
      this.#replace(namespace, name, prior);
    });
    this.#subscriptions.add(unsubscribe);
  }

  close(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
  }

  #replace(namespace: string, name: string, prior: Deployment): void {
    const current = this.#read(namespace, name);
    if (!current) return;
    const desired = {
      ...current,
      metadata: { ...current.metadata, annotations: fromGit(prior.metadata.annotations) },
      spec: { ...current.spec, template: prior.spec.template },
    };
    this.#writes.update(deployments, current, desired, agent);
  }

  #read(namespace: string, name: string): Deployment | undefined {
    return this.#store.get(deployments, namespace, name) as Deployment | undefined;
  }
}

/** The Deployment before and after, when the event is a change of it. */
function changeOf(
  { resource, object, previous, type }: StoreEvent,
  namespace: string,
  name: string,
): { readonly object: Deployment; readonly previous: Deployment } | undefined {
  const { metadata } = object;
  if (resource !== deployments || type !== 'MODIFIED') return undefined;
  if (metadata.namespace !== namespace || metadata.name !== name) return undefined;
  return { object: object as Deployment, previous: previous as Deployment };
}

const isStamped = (object: Deployment, previous: Deployment): boolean =>
  stampOf(object) !== undefined && stampOf(object) !== stampOf(previous);

/** Where the rollout of the current generation stands. */
function moment({ metadata, status = {} }: Deployment): RevertMoment | undefined {
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) return undefined;
  const reason = status.conditions?.find(({ type }) => type === 'Progressing')?.reason;
  if (reason === 'NewReplicaSetAvailable') return 'after-completion';
  const midway = reason === 'ReplicaSetUpdated' && (status.updatedReplicas ?? 0) > 0;
  return midway ? 'before-completion' : undefined;
}

/** Annotations as Git holds them: without the deployment controller's own. */
const fromGit = (annotations: StringMap = {}): StringMap =>
  Object.fromEntries(
    Object.entries(annotations).filter(([key]) => !key.startsWith('deployment.kubernetes.io/')),
  );

/**
 * As if the agent had made the workload. Without it, a replace that only takes fields away would
 * leave no trace of its manager (see managed-fields.ts).
 */
function madeByAgent(workload: Deployment): Deployment {
  const { metadata, apiVersion } = workload;
  const status = (metadata.managedFields ?? []).filter(({ subresource }) => subresource);
  const others = status.reduce<FieldSet>(
    (fields, { fieldsV1 }) => union(fields, fromFieldsV1(fieldsV1)),
    new Set(),
  );
  return {
    ...workload,
    metadata: {
      ...metadata,
      managedFields: [
        {
          ...agent,
          apiVersion,
          time: metadata.creationTimestamp ?? '',
          fieldsType: 'FieldsV1',
          fieldsV1: toFieldsV1(without(fieldsOf(workload), others)),
        },
        ...status,
      ],
    },
  };
}
