import type { WorkloadState } from '../../../jobs/restart/core/state.ts';
import { must } from './violation.ts';
import type { Witness } from './witness.ts';

const isUnderWay = ({ phase }: WorkloadState): boolean =>
  phase.kind === 'intending' || phase.kind === 'patching' || phase.kind === 'rolling';

/** After every step: what is at work, counted anew, within the plan's limits and as the core has it. */
export function checkLimits(witness: Witness, patched: number | undefined): void {
  const { run, openClusters } = witness;
  const { strategy } = run.plan;
  const atWork = [...openClusters].filter((index) => {
    const phase = run.clusters[index]?.phase;
    return phase !== 'soaking' && !(phase === 'open' && run.queue.includes(index));
  });
  must(
    atWork.length <= strategy.maxConcurrentClusters,
    'clusters',
    () => `${atWork.length} clusters at work, of ${strategy.maxConcurrentClusters}`,
  );
  let all = 0;
  const inCluster = new Map<number, number>();
  for (const workload of run.workloads) {
    if (workload.counted) {
      all += 1;
      inCluster.set(workload.cluster, (inCluster.get(workload.cluster) ?? 0) + 1);
    }
    if (isUnderWay(workload)) {
      must(workload.counted, 'counted', () => `${workload.key} is under way and not counted`);
    }
  }
  must(all === run.inFlight, 'counted', () => `${run.inFlight} in flight, and ${all} counted`);
  for (const { index, inFlight } of run.clusters) {
    const counted = inCluster.get(index) ?? 0;
    must(
      inFlight === counted,
      'counted',
      () => `${inFlight} in flight in ${index}, not ${counted}`,
    );
  }
  if (patched !== undefined) checkPatched(witness, patched);
}

/** Rollouts that this process began, when it begins one more. */
function checkPatched({ run, patches }: Witness, patched: number): void {
  const { maxConcurrentRollouts, maxConcurrentRolloutsOverall = Infinity } = run.plan.strategy;
  const cluster = run.workloads[patched]?.cluster;
  const begun = run.workloads.filter((one) => patches.has(one.index) && isUnderWay(one));
  const side = begun.filter((one) => one.cluster === cluster);
  must(
    side.length <= maxConcurrentRollouts,
    'rollouts',
    () => `${side.length} rollouts in a cluster, of ${maxConcurrentRollouts}`,
  );
  must(
    begun.length <= maxConcurrentRolloutsOverall,
    'rollouts',
    () => `${begun.length} rollouts overall, of ${maxConcurrentRolloutsOverall}`,
  );
}
