import type { FleetPath } from '../fleet/diagnostic.ts';
import type { Cluster, Fleet, Restart } from '../fleet/model.ts';
import type { PlannedTarget, RestartPlan } from '../plan/restart-plan.ts';
import type { ScheduledRestart } from './graph.ts';
import { recordConfigMapNames, workloadsPerRecordShard } from './names.ts';
import { hubRoleArn, targetRoleArn } from './roles.ts';

/** One restart: the plan that its job reads, and how its hub schedules it. */
export function planRestart(fleet: Fleet, restart: Restart, path: FleetPath): ScheduledRestart {
  const { service } = restart;
  const targets = restart.clusters.map((cluster) => planTarget(restart, cluster));
  const perCluster = restart.workloads.reduce((sum, workloads) => sum + workloads.names.length, 0);
  const plan: RestartPlan = {
    version: 1,
    fleet: fleet.name,
    restart: restart.name,
    service: service.name,
    cronJob: restart.name,
    identity: { kind: 'irsa', roleArn: hubRoleArn(service), region: service.cluster.region },
    record: {
      namespace: service.namespace,
      configMaps: recordConfigMapNames(restart.name, perCluster * targets.length),
      perShard: workloadsPerRecordShard,
    },
    strategy: restart.strategy,
    targets,
  };
  return {
    plan,
    namespace: service.namespace,
    serviceAccount: service.serviceAccount,
    image: restart.image,
    schedule: restart.schedule,
    timeZone: restart.timeZone,
    suspend: restart.suspend,
    path,
  };
}

function planTarget(restart: Restart, cluster: Cluster): PlannedTarget {
  const reach = restart.service.reach.find((one) =>
    one.clusters.some((reached) => reached.name === cluster.name),
  );
  if (!reach) throw new Error(`restart ${restart.name} has no reach into cluster ${cluster.name}`);
  return {
    cluster: cluster.name,
    eksCluster: cluster.eksCluster,
    account: cluster.account.id,
    region: cluster.region,
    partition: cluster.partition,
    roleArn: targetRoleArn(reach, cluster),
    ...(reach.externalId === undefined ? {} : { externalId: reach.externalId }),
    ...(cluster.connection ? { connection: cluster.connection } : {}),
    workloads: restart.workloads.map(({ namespace, kind, names }) => ({ namespace, kind, names })),
  };
}
