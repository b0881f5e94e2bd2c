import { workloadsInCluster, workloadsPerSelector } from '../access/shards.ts';
import type { PlannedTarget, RestartPlan, RestartStrategy } from '../plan/restart-plan.ts';

/** For connecting, the run record and the final look. Seconds. */
const overhead = 600;
const oneDay = 24 * 3600;

/**
 * The longest that a run of this plan can take when every workload, gate and blocker uses up its
 * timeout: a Job that is still active then is stuck. Seconds, at most a day: of a run whose gates
 * and soaks may together take longer, the Job is ended all the same.
 */
export function longestRunSeconds({ strategy, targets }: RestartPlan): number {
  const { blockers, blockerTimeoutSeconds, settleSeconds = 0, runTimeoutSeconds } = strategy;
  const waves = strategy.waves.map(({ soakSeconds, gates }, index) => {
    const own = targets.filter(({ wave, paused }) => wave === index && !paused);
    const gateSeconds = gates.map(({ timeoutSeconds }) => timeoutSeconds);
    return sum(gateSeconds) + restartSeconds(own, strategy) + soakSeconds;
  });
  const total = sum(waves) + (blockers.length > 0 ? blockerTimeoutSeconds : 0) + settleSeconds;
  return Math.min(oneDay, Math.min(total, runTimeoutSeconds ?? total) + overhead);
}

/** Of clusters that are restarted together, when all workloads use up their time. */
function restartSeconds(targets: readonly PlannedTarget[], strategy: RestartStrategy): number {
  const { maxConcurrentClusters, maxConcurrentRolloutsOverall, timeoutSeconds } = strategy;
  const slowest = Math.max(0, ...targets.map((target) => clusterSeconds(target, strategy)));
  const alone = Math.ceil(targets.length / maxConcurrentClusters) * slowest;
  if (maxConcurrentRolloutsOverall === undefined) return alone;
  // What waits for a slot of the whole fleet: no greedy schedule takes longer than both together.
  const workloads = sum(targets.map((target) => workloadsInCluster(target.workloads)));
  return alone + Math.ceil(workloads / maxConcurrentRolloutsOverall) * timeoutSeconds;
}

function clusterSeconds({ workloads }: PlannedTarget, strategy: RestartStrategy): number {
  const { maxConcurrentRollouts, timeoutSeconds, clusterTimeoutSeconds = Infinity } = strategy;
  const rounds = (count: number): number => Math.ceil(count / maxConcurrentRollouts);
  // With an order between them no two groups need ever be under way together.
  const ordered = workloads.some(({ after }) => after !== undefined);
  const counts = ordered
    ? workloads.map(({ names, selector }) => (selector ? workloadsPerSelector : names.length))
    : [workloadsInCluster(workloads)];
  return Math.min(sum(counts.map(rounds)) * timeoutSeconds, clusterTimeoutSeconds);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
