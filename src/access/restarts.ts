import type { FleetPath } from '../fleet/diagnostic.ts';
import type { Cluster, Fleet, Restart } from '../fleet/model.ts';
import type { Strategy } from '../fleet/strategy-model.ts';
import type { PlannedTarget, RestartPlan, RestartStrategy } from '../plan/restart-plan.ts';
import { expandWorkloads } from './expand-workloads.ts';
import type { ScheduledRestart } from './graph.ts';
import { leaseName, recordConfigMapName } from './names.ts';
import type { Identities } from './identities.ts';
import { targetRoleArn } from './role-arns.ts';
import { shardsOf } from './shards.ts';

/** One restart: the plan that its job reads, and how its hub schedules it. */
export function planRestart(
  fleet: Fleet,
  restart: Restart,
  identities: Identities,
  path: FleetPath,
): ScheduledRestart {
  const { service } = restart;
  const pod = identities.get(service.id)?.pod;
  if (!pod) throw new Error(`restart ${restart.name} has a service without an identity`);
  const workloads = expandWorkloads(restart.workloads);
  const shardOf = shardsOf(workloads);
  const targets = restart.clusters.map((cluster, index) => ({
    ...planTarget(fleet, restart, cluster),
    shard: shardOf(index),
    ...(cluster.paused ? { paused: true as const } : {}),
    workloads,
  }));
  const plan: RestartPlan = {
    version: 2,
    fleet: fleet.name,
    restart: restart.name,
    service: service.id,
    cronJob: restart.name,
    identity: pod.job,
    record: {
      namespace: service.namespace,
      configMaps: [...new Set(targets.map(({ shard }) => shard))].map((shard) =>
        recordConfigMapName(restart.name, shard),
      ),
      lease: leaseName(restart.name),
    },
    strategy: planStrategy(restart.strategy),
    targets,
  };
  return {
    plan,
    namespace: service.namespace,
    serviceAccount: service.serviceAccount,
    wiring: pod.wiring,
    image: restart.image,
    schedule: restart.schedule,
    timeZone: restart.timeZone,
    suspend: restart.suspend,
    path,
  };
}

/** Which clusters are in which wave stands with the clusters. */
const planStrategy = ({ preflight, waves, ...others }: Strategy): RestartStrategy => ({
  preflight,
  waves: waves.map(({ name, soakSeconds, gates }) => ({ name, soakSeconds, gates })),
  ...others,
});

function planTarget(
  fleet: Fleet,
  { name, service, strategy }: Restart,
  cluster: Cluster,
): Omit<PlannedTarget, 'shard' | 'workloads'> {
  const reach = service.reach.find((one) => one.clusters.includes(cluster));
  if (!reach) throw new Error(`restart ${name} has no reach into cluster ${cluster.name}`);
  return {
    cluster: cluster.name,
    eksCluster: cluster.eksCluster,
    account: cluster.account.id,
    region: cluster.region,
    partition: cluster.partition,
    roleArn: targetRoleArn(fleet, reach, cluster),
    ...(reach.externalId === undefined ? {} : { externalId: reach.externalId }),
    ...(cluster.connection ? { connection: cluster.connection } : {}),
    wave: strategy.waves.findIndex(({ clusters }) => clusters.includes(cluster)),
  };
}
