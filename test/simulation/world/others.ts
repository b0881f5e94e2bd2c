import type { Deed } from '../faults.ts';
import type { Random } from '../prng.ts';
import type { SimCluster } from './cluster.ts';
import { epoch, rfc3339, type SimWorkload } from './workload.ts';

/**
 * What owners, agents and operators do to a workload in the middle of a run.
 *
 * @returns whether there was anything to be done
 */
export function doTo(
  cluster: SimCluster,
  one: SimWorkload,
  deed: Exclude<Deed, 'recreated'>,
  now: number,
  random: Random,
): boolean {
  switch (deed) {
    case 'gitopsRevert':
      if (one.stamp === undefined) return false;
      cluster.stamp(one, undefined, 'kustomize-controller');
      return true;
    case 'gitopsReplace':
      if (one.stamp === undefined && one.run === undefined) return false;
      one.run = undefined;
      cluster.stamp(one, undefined, 'argocd-controller');
      return true;
    case 'kubectl':
      cluster.stamp(one, rfc3339(epoch + now), 'kubectl-rollout');
      return true;
    case 'edited':
      one.generation += 1;
      if (random.chance(0.5)) one.revision += 1;
      break;
    case 'scaled':
      one.replicas = Math.max(1, one.replicas + random.pick([-1, 1, 2]));
      one.generation += 1;
      break;
    case 'scaledToZero':
      one.replicas = 0;
      one.generation += 1;
      break;
    case 'broken':
      if (one.broken) return false;
      one.broken = true;
      return true;
    case 'mended':
      mend(cluster, one);
      return true;
    case 'paused':
    case 'resumed':
      if (one.paused === (deed === 'paused')) return false;
      if (one.kind !== 'Deployment' && one.kind !== 'Rollout') return false;
      one.paused = deed === 'paused';
      one.generation += 1;
      break;
    case 'optedOut':
      one.optedOut = true;
      break;
    case 'deleted':
      cluster.remove(one);
      return true;
  }
  cluster.written(one);
  return true;
}

/** Its pods come up again. */
export function mend(cluster: SimCluster, one: SimWorkload): void {
  one.broken = false;
  cluster.written(one);
}

/** The same workload under another uid, as it stands in somebody's repository. */
export const madeAnew = (one: SimWorkload, uid: string): SimWorkload => ({
  ...one,
  uid,
  generation: 1,
  stamp: undefined,
  run: undefined,
  managers: [{ manager: 'helm', operation: 'Update', time: rfc3339(epoch) }],
  revision: 1,
  currentRevision: 1,
  observedGeneration: 0,
  restartedAt: undefined,
  pods: [],
  stalled: false,
});
