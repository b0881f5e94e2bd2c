import { formatInstant } from '../../../../jobs/restart/core/instant.ts';
import { restartedAt, revisionAnnotation } from '../../../../src/simulator/kube/deployments.ts';
import type { KubeObject } from '../../../support/kube-client.ts';
import type { RealFleet } from '../fleet/real-fleet.ts';
import { namespace, targets, workloadsOf, type SlowRestart } from './fleet.ts';

interface ReplicaSet extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly metadata?: KubeObject['metadata'] };
  };
}

/** What the ReplicaSets of a workload tell of a run. */
export interface Restarts {
  /** ReplicaSets that carry the run's stamp. */
  readonly ofRun: number;
  /** Pod templates that the Deployment has had. */
  readonly revisions: number;
  /** Whether all pods are to be of the run's ReplicaSet. */
  readonly settled: boolean;
}

/** By `<cluster>/<name>`, from the real clusters alone: whatever the job says. */
export async function countRestarts(
  fleet: RealFleet,
  restart: SlowRestart,
  run: number,
): Promise<Readonly<Record<string, Restarts>>> {
  const sets = await Promise.all(
    targets.map(async (cluster) => {
      const path = `/apis/apps/v1/namespaces/${namespace}/replicasets`;
      const found = (await fleet.cluster(cluster).admin.list(path)) as readonly ReplicaSet[];
      return found.map((set) => ({ workload: `${cluster}/${ownerOf(set)}`, set }));
    }),
  );
  const stamped = ({ spec }: ReplicaSet): boolean =>
    spec.template.metadata?.annotations?.[restartedAt] === formatInstant(run);
  const entries = workloadsOf(restart).map((workload) => {
    const own = sets.flat().filter((one) => one.workload === workload);
    return [
      workload,
      {
        ofRun: own.filter(({ set }) => stamped(set)).length,
        revisions: Math.max(...own.map(({ set }) => revisionOf(set))),
        settled: own.every(({ set }) => stamped(set) === (set.spec.replicas ?? 0) > 0),
      },
    ] as const;
  });
  return Object.fromEntries(entries);
}

/** What a run must leave: one ReplicaSet more than there were. */
export const onceMoreThan = (
  before: Readonly<Record<string, Restarts>>,
): Readonly<Record<string, Restarts>> =>
  Object.fromEntries(
    Object.entries(before).map(([workload, { revisions }]) => [
      workload,
      { ofRun: 1, revisions: revisions + 1, settled: true },
    ]),
  );

const ownerOf = ({ metadata }: KubeObject): string => metadata.ownerReferences?.[0]?.name ?? '';
const revisionOf = ({ metadata }: KubeObject): number =>
  Number(metadata.annotations?.[revisionAnnotation] ?? 0);
