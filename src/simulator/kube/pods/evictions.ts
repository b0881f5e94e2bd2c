import { bodyOf } from '../body.ts';
import { at, count } from '../fields.ts';
import type { Writer } from '../managed-fields.ts';
import type { KubeObject } from '../objects.ts';
import { isRecord } from '../objects.ts';
import { disruptionBudgets, pods } from '../resources.ts';
import { badRequest, methodNotAllowed, StatusError } from '../status-error.ts';
import type { Store } from '../store.ts';
import type { WriteRequest } from '../write-handlers.ts';
import type { Writes } from '../writes.ts';
import { covers } from './disruption-budget.ts';
import { isReadyPod } from './pod-object.ts';

const writer: Writer = { manager: 'kube-apiserver', operation: 'Update', subresource: 'status' };

/** `pods/eviction`: a deletion that PodDisruptionBudgets may refuse (pkg/registry/core/pod/storage/eviction.go). */
export class Evictions {
  readonly #store: Store;
  readonly #writes: Writes;

  constructor(store: Store, writes: Writes) {
    this.#store = store;
    this.#writes = writes;
  }

  evict({ info, request }: WriteRequest, pod: KubeObject): unknown {
    if (info.verb !== 'create') throw methodNotAllowed();
    const { name, namespace } = pod.metadata;
    const body = bodyOf(request);
    if (!isRecord(body) || body.kind !== 'Eviction' || body.apiVersion !== 'policy/v1')
      throw badRequest('the object provided is unrecognized: expected policy/v1 Eviction');
    if (at(body, 'metadata', 'name') !== name)
      throw badRequest('name in URL does not match name in Eviction object');
    const isDry = info.query.get('dryRun') === 'All' || at(body, 'deleteOptions', 'dryRun');
    if (at(pod.status, 'phase') !== 'Pending') this.#spend(pod, Boolean(isDry));
    if (!isDry) this.#store.remove(pods, namespace, name);
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
  }

  #spend(pod: KubeObject, isDry: boolean): void {
    const [budget, ...others] = this.#store
      .list(disruptionBudgets, pod.metadata.namespace)
      .filter((one) => covers(one, pod));
    if (!budget) return;
    if (others.length > 0)
      throw new StatusError(
        500,
        '',
        'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      );
    const number = (field: string): number => count(at(budget.status, field));
    const [healthy, desired] = [number('currentHealthy'), number('desiredHealthy')];
    if (!isReadyPod(pod) && healthy >= desired && desired > 0) return;
    const { name, generation = 0 } = budget.metadata;
    if (number('observedGeneration') < generation)
      throw refused(`The disruption budget ${name} is still being processed by the server.`, 10);
    const allowed = number('disruptionsAllowed');
    if (allowed === 0)
      throw refused(
        `The disruption budget ${name} needs ${desired} healthy pods and has ${healthy} currently`,
      );
    if (isDry) return;
    const status = {
      ...(isRecord(budget.status) && budget.status),
      disruptionsAllowed: allowed - 1,
    };
    this.#writes.update(disruptionBudgets, budget, { ...budget, status }, writer);
  }
}

const refused = (message: string, retryAfterSeconds?: number): StatusError =>
  new StatusError(
    429,
    'TooManyRequests',
    "Cannot evict pod as it would violate the pod's disruption budget.",
    {
      causes: [{ reason: 'DisruptionBudget', message }],
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    },
  );
