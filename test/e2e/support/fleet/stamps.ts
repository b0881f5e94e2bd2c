import type { KubeObject } from '../../../support/kube-client.ts';
import type { RealFleet } from './real-fleet.ts';
import { until } from '../../../support/wait.ts';

const restartedAt = 'kubectl.kubernetes.io/restartedAt';
const revision = 'deployment.kubernetes.io/revision';
/** Where a ReplicaSet was come back to (pkg/controller/deployment/util/deployment_util.go). */
const history = 'deployment.kubernetes.io/revision-history';

interface Stamped {
  readonly revision: number;
  readonly stamp: string;
}

/** The stamps of each Deployment's revisions after the first, in order, by `cluster/name`: counted in ReplicaSets. */
export async function stampsOf(fleet: RealFleet): Promise<ReadonlyMap<string, readonly string[]>> {
  const stamps = new Map<string, readonly string[]>();
  for (const name of fleet.world.clusters.keys()) {
    const { admin } = fleet.cluster(name);
    const deployments = await until(`the controller of ${name} has seen every change`, async () => {
      const items = await admin.list('/apis/apps/v1/deployments');
      return items.every(isObserved) && items;
    });
    const replicaSets = await admin.list('/apis/apps/v1/replicasets');
    for (const { metadata } of deployments) {
      const own = replicaSets.filter(
        (one) =>
          one.metadata.namespace === metadata.namespace &&
          one.metadata.ownerReferences?.some((owner) => owner.name === metadata.name),
      );
      const revisions = own.flatMap(revisionsOf).toSorted((a, b) => a.revision - b.revision);
      stamps.set(
        `${name}/${metadata.name}`,
        revisions.slice(1).map(({ stamp }) => stamp),
      );
    }
  }
  return stamps;
}

function isObserved({ metadata, status }: KubeObject): boolean {
  const { observedGeneration } = (status ?? {}) as { readonly observedGeneration?: number };
  return observedGeneration === metadata.generation;
}

function revisionsOf({ metadata, spec }: KubeObject): readonly Stamped[] {
  const { template } = spec as {
    readonly template: {
      readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
    };
  };
  const stamp = template.metadata?.annotations?.[restartedAt] ?? 'no stamp';
  const { [revision]: current = '0', [history]: before = '' } = metadata.annotations ?? {};
  const revisions = [...before.split(',').filter((one) => one !== ''), current];
  return revisions.map((one) => ({ revision: Number(one), stamp }));
}
