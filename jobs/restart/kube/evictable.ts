import type { Observed } from '../ports.ts';
import { restartedAt } from './observed/common.ts';
import { isGoing, isReady, madeAt, nameOf, type Pod } from './pod-facts.ts';

/** Which pod of an `OnDelete` workload may go now. */
export type Choice =
  | { readonly kind: 'evict'; readonly pod: Pod }
  | { readonly kind: 'blocked'; readonly message: string }
  | { readonly kind: 'none' };

/**
 * The next pod of an older revision: the highest ordinal first, as a StatefulSet's own rolling update
 * goes (Kubernetes, StatefulSets, "Rolling Updates"). One at a time: none while another of the
 * workload's pods is missing, going or not ready; one that is itself not ready goes first. `none` is
 * a proof: all pods are there and ready, and none is older.
 *
 * @param pods all that the workload's selector finds; those of other owners are left out
 */
export function chooseEviction(workload: Observed, pods: readonly Pod[]): Choice {
  if (workload.kind !== 'StatefulSet' && workload.kind !== 'DaemonSet') return { kind: 'none' };
  const { status, generation, replicas } = workload;
  if (status.observedGeneration < generation) {
    return { kind: 'blocked', message: 'its controller has not seen the new template yet' };
  }
  const owned = pods.filter(({ metadata }) =>
    metadata?.ownerReferences?.some(({ uid }) => uid === workload.uid),
  );
  const stale = owned.filter((pod) => isStale(workload, pod));
  const going = owned.find(isGoing);
  if (going) return { kind: 'blocked', message: `pod ${nameOf(going)} is going` };
  if (owned.length < replicas) {
    return { kind: 'blocked', message: `${replicas - owned.length} of its pods are missing` };
  }
  const [unready, another] = owned.filter((pod) => !isReady(pod));
  if (stale.length === 0 && !unready) return { kind: 'none' };
  const next = unready ?? [...stale].sort(byOrdinal)[0];
  if (!next || another || !stale.includes(next)) {
    return { kind: 'blocked', message: `pod ${nameOf(another ?? unready ?? {})} is not ready` };
  }
  return { kind: 'evict', pod: next };
}

/**
 * Of an older revision. A StatefulSet names its newest one. A DaemonSet's stands in a
 * ControllerRevision, which the job may not read; but a pod has its template's annotations, so one
 * that has not the DaemonSet's stamp is older. So that a webhook that takes annotations off pods
 * can't make evictions go on for ever, a pod made in a later second than the one in which the stamp
 * was written, by the server's own clock, never is.
 */
function isStale(workload: Observed & { kind: 'StatefulSet' | 'DaemonSet' }, pod: Pod): boolean {
  if (workload.kind === 'StatefulSet') {
    return pod.metadata?.labels?.['controller-revision-hash'] !== workload.status.updateRevision;
  }
  const writtenAt = Date.parse(workload.managers.find(({ ownsStamp }) => ownsStamp)?.time ?? '');
  if (madeAt(pod) > writtenAt) return false;
  return pod.metadata?.annotations?.[restartedAt] !== workload.stamp;
}

const byOrdinal = (a: Pod, b: Pod): number =>
  ordinalOf(b) - ordinalOf(a) || nameOf(a).localeCompare(nameOf(b));

/** The number at the end of a StatefulSet's pod; -1 where there is none. */
const ordinalOf = (pod: Pod): number => Number(/-(\d+)$/.exec(nameOf(pod))?.[1] ?? -1);
