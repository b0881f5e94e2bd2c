import type { Outcome } from '../../../../jobs/restart/core/outcome.ts';
import type { Report } from '../../../../jobs/restart/report.ts';
import type { RealCluster } from '../cluster/cluster.ts';
import { namespace } from './fleet.ts';
import type { KubeObject } from '../../../support/kube-client.ts';
import { readyDelayAnnotation } from '../cluster/kwok.ts';
import { until } from '../../../support/wait.ts';

export const restartedAt = 'kubectl.kubernetes.io/restartedAt';
export const runAnnotation = 'rollcall.dev/run';

type Annotations = Readonly<Record<string, string>>;

/** A Deployment as far as these tests read it. */
export interface Deployment extends KubeObject {
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly metadata: { readonly annotations?: Annotations } };
  };
}

export interface ManifestOptions {
  /** Default: 1. */
  readonly tag?: number;
  /** Milliseconds until a pod is ready. Default: 0. */
  readonly readyDelay?: number;
  /** In the pod template. Default: none. */
  readonly stamp?: string;
}

/** A Deployment as it stands in its owner's repository. */
export function manifest(
  name: string,
  options: ManifestOptions = {},
): Readonly<Record<string, unknown>> {
  const { tag = 1, readyDelay = 0, stamp } = options;
  const labels = { app: name };
  const annotations = {
    [readyDelayAnnotation]: `${readyDelay}ms`,
    ...(stamp === undefined ? {} : { [restartedAt]: stamp }),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations },
        spec: { containers: [{ name: 'main', image: `example.invalid/${name}:${tag}` }] },
      },
    },
  };
}

export const pathOf = (name: string): string =>
  `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;

export const read = (cluster: RealCluster, name: string): Promise<Deployment> =>
  cluster.admin.call<Deployment>(pathOf(name));

export const stampOf = ({ spec }: Deployment): string | undefined =>
  spec.template.metadata.annotations?.[restartedAt];

/** A write by a client of that name. */
export const writeAs = (
  { admin }: RealCluster,
  manager: string,
  method: 'POST' | 'PUT' | 'PATCH',
  name: string,
  body: unknown,
): Promise<KubeObject> => {
  const path = method === 'POST' ? pathOf('').slice(0, -1) : pathOf(name);
  return admin.call(`${path}?fieldManager=${manager}`, { method, body });
};

/** Each workload's outcome, by its name. */
export const outcomes = (report: Report | undefined): Readonly<Record<string, Outcome>> =>
  Object.fromEntries((report?.workloads ?? []).map(({ name, outcome }) => [name, outcome]));

/** kubectl with the object on its stdin. */
export const withObject = (
  cluster: RealCluster,
  args: readonly string[],
  object: unknown,
): Promise<string> => cluster.mustKubectl([...args, '-f', '-'], { input: JSON.stringify(object) });

/** Waits, as `kubectl rollout status` does, for the end of the rollout of the newest generation. */
export const rolledOut = (cluster: RealCluster, name: string): Promise<string> =>
  cluster.mustKubectl(['-n', namespace, 'rollout', 'status', `deployment/${name}`]);

/** How often a Deployment has rolled out: its newest revision, which a rollback raises too. */
export async function revisionOf(cluster: RealCluster, name: string): Promise<number> {
  const deployment = await until(`the controller has seen ${name}`, async () => {
    const object = await read(cluster, name);
    const { observedGeneration } = object.status as { readonly observedGeneration?: number };
    return observedGeneration === object.metadata.generation && object;
  });
  return Number(deployment.metadata.annotations?.['deployment.kubernetes.io/revision']);
}

/** The stamps of a Deployment's ReplicaSets, oldest first; one of each pod template there ever was. */
export async function replicaSetStamps(
  cluster: RealCluster,
  name: string,
): Promise<readonly (string | undefined)[]> {
  await revisionOf(cluster, name);
  const selector = `labelSelector=${encodeURIComponent(`app=${name}`)}`;
  const items = await cluster.admin.list(
    `/apis/apps/v1/namespaces/${namespace}/replicasets?${selector}`,
  );
  const revision = ({ metadata }: KubeObject): number =>
    Number(metadata.annotations?.['deployment.kubernetes.io/revision']);
  return (items as readonly Deployment[])
    .toSorted((a, b) => revision(a) - revision(b))
    .map(stampOf);
}
