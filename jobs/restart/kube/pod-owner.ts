import type { Observed } from '../ports.ts';
import type { Pod } from './pod-facts.ts';

/**
 * Whether a pod is the workload's own. Labels alone don't say so: a Job's pods, or another workload's,
 * may carry the same. A StatefulSet and a DaemonSet control their pods themselves; a Deployment and a
 * Rollout through a ReplicaSet, whose uid the job may not read, but whose name tells: theirs, a dash and
 * a hash (kubernetes, pkg/controller/deployment/sync.go; argo-rollouts, rollout/sync.go).
 */
export function isOwn(workload: Observed, pod: Pod): boolean {
  const owner = pod.metadata?.ownerReferences?.find(({ controller }) => controller === true);
  if (!owner) return false;
  if (owner.uid === workload.uid) return true;
  switch (workload.kind) {
    case 'StatefulSet':
    case 'DaemonSet':
      return false;
    case 'Deployment':
    case 'Rollout':
      return owner.kind === 'ReplicaSet' && withoutHash(owner.name ?? '') === workload.name;
  }
}

const withoutHash = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('-')));
