import type { KubeObject } from '../../../support/kube-client.ts';
import type { RealCluster } from '../cluster/cluster.ts';
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

/** Of each kind, where its controller keeps the templates that it was given, and how they are read there. */
const kinds = [
  { kind: 'Deployment', plural: 'deployments', kept: 'replicasets', read: fromReplicaSet },
  { kind: 'StatefulSet', plural: 'statefulsets', kept: 'controllerrevisions', read: fromRevision },
  { kind: 'DaemonSet', plural: 'daemonsets', kept: 'controllerrevisions', read: fromRevision },
] as const;

/**
 * The stamps of each workload's revisions after the first, in order, by `cluster/Kind/namespace/name`:
 * counted in what its controller keeps. A Rollout's are those that its player has seen.
 */
export async function stampsOf(fleet: RealFleet): Promise<ReadonlyMap<string, readonly string[]>> {
  const stamps = new Map<string, readonly string[]>();
  for (const name of fleet.world.clusters.keys()) {
    for (const [key, found] of await stampsIn(fleet.cluster(name)))
      stamps.set(`${name}/${key}`, found);
    for (const [key, asked] of fleet.players.get(name)?.asked ?? []) {
      stamps.set(`${name}/Rollout/${key}`, asked);
    }
  }
  return stamps;
}

async function stampsIn({
  name: cluster,
  admin,
}: RealCluster): Promise<readonly (readonly [key: string, stamps: readonly string[]])[]> {
  const found: (readonly [string, readonly string[]])[] = [];
  for (const { kind, plural, kept, read } of kinds) {
    const workloads = await until(
      `the controllers of ${cluster} have seen every change`,
      async () => {
        const items = await admin.list(`/apis/apps/v1/${plural}`);
        return items.every(isObserved) && items;
      },
    );
    if (workloads.length === 0) continue;
    const all = await admin.list(`/apis/apps/v1/${kept}`);
    for (const { metadata } of workloads) {
      const { namespace = '', name } = metadata;
      const own = all.filter(
        (one) =>
          one.metadata.namespace === namespace &&
          one.metadata.ownerReferences?.some((owner) => owner.kind === kind && owner.name === name),
      );
      const revisions = own.flatMap(read).toSorted((a, b) => a.revision - b.revision);
      found.push([`${kind}/${namespace}/${name}`, revisions.slice(1).map(({ stamp }) => stamp)]);
    }
  }
  return found;
}

function isObserved({ metadata, status }: KubeObject): boolean {
  const { observedGeneration } = (status ?? {}) as { readonly observedGeneration?: number };
  return observedGeneration === metadata.generation;
}

interface Template {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
}

const stampIn = ({ metadata }: Template): string =>
  metadata?.annotations?.[restartedAt] ?? 'no stamp';

function fromReplicaSet({ metadata, spec }: KubeObject): readonly Stamped[] {
  const { template } = spec as { readonly template: Template };
  const stamp = stampIn(template);
  const { [revision]: current = '0', [history]: before = '' } = metadata.annotations ?? {};
  const revisions = [...before.split(',').filter((one) => one !== ''), current];
  return revisions.map((one) => ({ revision: Number(one), stamp }));
}

function fromRevision({ revision: number, data }: KubeObject): readonly Stamped[] {
  const { spec } = data as { readonly spec: { readonly template: Template } };
  return [{ revision: Number(number), stamp: stampIn(spec.template) }];
}
