import type { FieldSet } from './field-sets.ts';
import { fieldsOf, fromFieldsV1, toFieldsV1, union, without } from './field-sets.ts';
import type { StoreEvent } from './history.ts';
import type { Writer } from './managed-fields.ts';
import type { KubeObject, StringMap } from './objects.ts';
import { isRecord, omit } from './objects.ts';
import type { ResourceType } from './resources.ts';
import { restartableType, rolloutMoment, stampOf } from './restartable.ts';
import type { RestartableKind } from './restartable.ts';
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

  /** 404 `StatusError` when there is no such workload. `kind`: default `Deployment`. */
  revertStamp(
    namespace: string,
    name: string,
    when: RevertMoment,
    kind: RestartableKind = 'Deployment',
  ): void {
    const type = restartableType(kind);
    const workload = this.#store.get(type, namespace, name);
    if (!workload) throw notFound(type, name);
    this.#store.put(type, madeByAgent(workload));

    let prior: KubeObject | undefined;
    const unsubscribe = this.#store.subscribe((event) => {
      const change = changeOf(event, type, namespace, name);
      if (!change) return;
      const { object, previous } = change;
      if (isStamped(object, previous)) prior ??= previous;
      if (!prior || moments[rolloutMoment(object) ?? 'unseen'] !== when) return;
      unsubscribe();
      this.#subscriptions.delete(unsubscribe);
      this.#replace(type, prior);
    });
    this.#subscriptions.add(unsubscribe);
  }

  close(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
  }

  #replace(type: ResourceType, prior: KubeObject): void {
    const current = this.#store.get(type, prior.metadata.namespace, prior.metadata.name);
    if (!current) return;
    const { annotations } = prior.metadata;
    this.#writes.update(
      type,
      current,
      {
        ...current,
        metadata: { ...current.metadata, annotations: fromGit(annotations) },
        spec: asInGit(current, prior),
      },
      agent,
    );
  }
}

const moments: Readonly<Record<string, RevertMoment>> = {
  midway: 'before-completion',
  complete: 'after-completion',
};

/** The workload before and after, when the event is a change of it. */
function changeOf(
  { resource, object, previous, type }: StoreEvent,
  wanted: ResourceType,
  namespace: string,
  name: string,
): { readonly object: KubeObject; readonly previous: KubeObject } | undefined {
  const { metadata } = object;
  if (resource !== wanted || type !== 'MODIFIED' || !previous) return undefined;
  if (metadata.namespace !== namespace || metadata.name !== name) return undefined;
  return { object, previous };
}

const isStamped = (object: KubeObject, previous: KubeObject): boolean =>
  stampOf(object) !== undefined && stampOf(object) !== stampOf(previous);

/** The stamp's fields as they were; all others, such as replicas, are not the agent's. */
function asInGit(current: KubeObject, prior: KubeObject): unknown {
  const before = isRecord(prior.spec) ? prior.spec : {};
  const { template, restartAt } = before;
  return {
    ...omit(isRecord(current.spec) ? current.spec : {}, 'template', 'restartAt'),
    ...(template !== undefined && { template }),
    ...(restartAt !== undefined && { restartAt }),
  };
}

/** Annotations as Git holds them: without the controller's own. */
const fromGit = (annotations: StringMap = {}): StringMap =>
  Object.fromEntries(
    Object.entries(annotations).filter(([key]) => !key.startsWith('deployment.kubernetes.io/')),
  );

/**
 * As if the agent had made the workload. Without it, a replace that only takes fields away would
 * leave no trace of its manager (see managed-fields.ts).
 */
function madeByAgent(workload: KubeObject): KubeObject {
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
