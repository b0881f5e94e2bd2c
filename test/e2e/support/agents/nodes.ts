import type { KubeObject } from '../../../support/kube-client.ts';
import { until } from '../../../support/wait.ts';
import type { RealCluster } from '../cluster/cluster.ts';

export interface NodeOptions {
  readonly labels: Readonly<Record<string, string>>;
  /** Of effect NoSchedule. Default: none. */
  readonly taints?: Readonly<Record<string, string>>;
}

/** A node that kwok plays, ready, with the labels that a kubelet and its owner give it. */
export async function addNode(
  { admin }: RealCluster,
  name: string,
  { labels, taints = {} }: NodeOptions,
): Promise<void> {
  await admin.call('/api/v1/nodes', {
    method: 'POST',
    body: {
      metadata: { name, labels, annotations: { 'kwok.x-k8s.io/node': 'fake' } },
      spec: {
        taints: Object.entries(taints).map(([key, value]) => ({
          ...{ key, value },
          effect: 'NoSchedule',
        })),
      },
    },
  });
  await until(`${name} is ready`, async () => {
    const { spec } = await admin.call<{ readonly spec: { readonly taints?: readonly Taint[] } }>(
      `/api/v1/nodes/${name}`,
    );
    return (spec.taints ?? []).every(({ key }) => !key.startsWith('node.kubernetes.io/'));
  });
}

interface Taint {
  readonly key: string;
}

/** The nodes that ready pods of a DaemonSet are on, once as many are ready as it wants. */
export const nodesOf = ({ admin }: RealCluster, namespace: string, name: string) =>
  until(`DaemonSet ${name} is complete`, async () => {
    const { metadata, status } = await admin.call<DaemonSet>(
      `/apis/apps/v1/namespaces/${namespace}/daemonsets/${name}`,
    );
    const wanted = status.desiredNumberScheduled;
    const pods = (await admin.list(
      `/api/v1/namespaces/${namespace}/pods?labelSelector=app.kubernetes.io/instance=${name}`,
    )) as readonly Pod[];
    return (
      status.observedGeneration === metadata.generation &&
      wanted === status.numberReady &&
      wanted === pods.length &&
      pods.map(({ spec }) => spec.nodeName).sort()
    );
  });

interface DaemonSet {
  readonly metadata: { readonly generation: number };
  readonly status: {
    readonly observedGeneration?: number;
    readonly desiredNumberScheduled: number;
    readonly numberReady: number;
  };
}

interface Pod extends KubeObject {
  readonly spec: { readonly nodeName?: string };
}
