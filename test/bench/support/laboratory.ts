import type { RealCluster } from '../../e2e/support/cluster/cluster.ts';
import type { KubeObject } from '../../support/kube-client.ts';
import { startRealFleet, type RealFleet } from '../../e2e/support/fleet/real-fleet.ts';
import { until } from '../../support/wait.ts';
import { AuditLog } from './audit-log.ts';
import { hub, namespace, target, workloadNames, writeBenchFleet } from './bench-fleet.ts';
import type { BenchSize } from './bench-fleet.ts';
import { rest } from './rest.ts';

const deploymentsPath = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const podsPath = `/api/v1/namespaces/${namespace}/pods`;

/** The clusters, and the state that every run starts from. */
export class Laboratory {
  readonly size: BenchSize;
  readonly fleet: RealFleet;
  /** The API servers' logs, of the cluster with the workloads and of the one with the run record. */
  readonly audit: { readonly target: AuditLog; readonly hub: AuditLog };

  constructor(size: BenchSize, fleet: RealFleet) {
    this.size = size;
    this.fleet = fleet;
    this.audit = {
      target: new AuditLog(fleet.cluster(target).server.auditLog),
      hub: new AuditLog(fleet.cluster(hub).server.auditLog),
    };
  }

  get target(): RealCluster {
    return this.fleet.cluster(target);
  }

  get names(): readonly string[] {
    return workloadNames(this.size);
  }

  /** Waits until every rollout is complete, no old pod is left, and others leave the machine alone. */
  async settle(): Promise<void> {
    const pods = this.size.workloads * this.size.replicas;
    await until('every rollout is complete', async () =>
      (await this.#deployments()).every((one) => isComplete(one, this.size.replicas)),
    );
    await until(
      'every old pod is gone',
      async () => (await this.target.admin.list(podsPath)).length === pods,
    );
    await rest();
  }

  /** How often each workload's spec has changed, in the order of their names. */
  async generations(): Promise<readonly number[]> {
    return (await this.#deployments()).map(({ metadata }) => metadata.generation ?? 0);
  }

  /** One old ReplicaSet each is kept, so that every run makes as much as it clears away. */
  async keepLittleHistory(): Promise<void> {
    for (const name of this.names) {
      await this.target.admin.call(`${deploymentsPath}/${name}`, {
        method: 'PATCH',
        body: { spec: { revisionHistoryLimit: 1 } },
      });
    }
  }

  #deployments(): Promise<readonly KubeObject[]> {
    return this.target.admin.list(deploymentsPath);
  }
}

export async function startLaboratory(folder: string, size: BenchSize): Promise<Laboratory> {
  const fleet = await startRealFleet({ fleetFile: writeBenchFleet(folder, size), folder });
  try {
    const laboratory = new Laboratory(size, fleet);
    await laboratory.keepLittleHistory();
    await laboratory.settle();
    return laboratory;
  } catch (error) {
    await fleet.close();
    throw error;
  }
}

function isComplete({ metadata, status }: KubeObject, replicas: number): boolean {
  const counts = status as Readonly<Record<string, number | undefined>>;
  return (
    counts.observedGeneration === metadata.generation &&
    counts.replicas === replicas &&
    counts.updatedReplicas === replicas &&
    counts.availableReplicas === replicas
  );
}
