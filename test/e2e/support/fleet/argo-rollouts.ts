import { setTimeout as sleep } from 'node:timers/promises';
import type { RealCluster } from '../cluster/cluster.ts';
import type { KubeClient, KubeObject } from '../../../support/kube-client.ts';
import { until } from '../../../support/wait.ts';

const rollouts = '/apis/argoproj.io/v1alpha1/rollouts';

interface Rollout extends KubeObject {
  readonly spec: {
    readonly replicas?: number;
    readonly restartAt?: string;
    readonly template?: Template;
    readonly workloadRef?: { readonly name: string };
  };
  readonly status?: Readonly<Record<string, unknown>>;
}

interface Template {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
}

/** The kind, as Argo's own CustomResourceDefinition has it, with a schema that takes everything. */
export async function installRollouts({ admin }: RealCluster): Promise<void> {
  const names = {
    kind: 'Rollout',
    listKind: 'RolloutList',
    plural: 'rollouts',
    singular: 'rollout',
  };
  const schema = {
    openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  };
  await admin.call('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
    method: 'POST',
    body: {
      metadata: { name: 'rollouts.argoproj.io' },
      spec: {
        group: 'argoproj.io',
        scope: 'Namespaced',
        names,
        versions: [
          { name: 'v1alpha1', served: true, storage: true, schema, subresources: { status: {} } },
        ],
      },
    },
  });
  await until('Rollouts are served', async () => (await admin.send(rollouts)).status === 200);
}

export interface RolloutPlayer {
  /** Every `restartAt` that a Rollout was given, in order, by `namespace/name`. */
  readonly asked: ReadonlyMap<string, readonly string[]>;
  stop(): Promise<void>;
}

/**
 * Plays Argo Rollouts' controller, as far as restarts go (argo-rollouts, rollout/restart.go): a
 * Rollout has a ReplicaSet; pods of it that are older than `restartAt` are evicted one by one, and
 * with none left `status.restartedAt` is set.
 */
export function playRollouts({ admin }: RealCluster): RolloutPlayer {
  const asked = new Map<string, readonly string[]>();
  const stopping = new AbortController();
  const play = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      for (const rollout of (await admin.list(rollouts)) as readonly Rollout[]) {
        note(asked, rollout);
        await reconcile(admin, rollout);
      }
      await sleep(100);
    }
  };
  const playing = play().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  return {
    asked,
    stop: () => {
      stopping.abort();
      return playing;
    },
  };
}

function note(asked: Map<string, readonly string[]>, { metadata, spec }: Rollout): void {
  const key = `${metadata.namespace ?? ''}/${metadata.name}`;
  const known = asked.get(key) ?? [];
  const { restartAt } = spec;
  asked.set(
    key,
    restartAt === undefined || known.at(-1) === restartAt ? known : [...known, restartAt],
  );
}

async function reconcile(admin: KubeClient, rollout: Rollout): Promise<void> {
  const { metadata, spec, status = {} } = rollout;
  const { namespace = '' } = metadata;
  const { replicas = 1, restartAt } = spec;
  const labels = await ensureReplicaSet(admin, rollout);
  const selector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const inNamespace = `/api/v1/namespaces/${namespace}/pods`;
  const pods = await admin.list(`${inNamespace}?labelSelector=${encodeURIComponent(selector)}`);
  const ready = pods.filter(isReady);
  const isUp = ready.length === replicas && pods.length === replicas;
  const due = restartAt !== undefined && restartAt !== status.restartedAt ? restartAt : undefined;
  const old = pods.filter((pod) => due !== undefined && madeAt(pod) < Date.parse(due));
  const [next] = old;
  if (next && isUp) {
    const body = {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { namespace, name: next.metadata.name },
    };
    await admin.send(`${inNamespace}/${next.metadata.name}/eviction`, { method: 'POST', body });
  }
  const isDone = due === undefined || (old.length === 0 && isUp);
  const now = {
    observedGeneration: String(metadata.generation ?? 0),
    replicas: pods.length,
    updatedReplicas: pods.length,
    readyReplicas: ready.length,
    availableReplicas: ready.length,
    selector,
    phase: isDone && isUp ? 'Healthy' : 'Progressing',
    ...(due !== undefined && isDone && { restartedAt: due }),
  };
  if (Object.entries(now).every(([field, value]) => status[field] === value)) return;
  await admin.call(`${pathOf(rollout)}/status?fieldManager=rollouts-controller`, {
    method: 'PATCH',
    body: { status: now },
  });
}

const pathOf = ({ metadata }: Rollout): string =>
  `/apis/argoproj.io/v1alpha1/namespaces/${metadata.namespace ?? ''}/rollouts/${metadata.name}`;

/** Gives the labels of its pods. */
async function ensureReplicaSet(
  admin: KubeClient,
  { metadata, spec }: Rollout,
): Promise<Readonly<Record<string, string>>> {
  const { namespace = '', name, uid } = metadata;
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const template =
    spec.template ??
    (await templateOf(admin, `${apps}/deployments/${spec.workloadRef?.name ?? ''}`));
  const labels = { ...template.metadata?.labels, 'rollouts-pod-template-hash': name };
  if (await admin.find(`${apps}/replicasets/${name}-rollout`)) return labels;
  await admin.call(`${apps}/replicasets`, {
    method: 'POST',
    body: {
      metadata: {
        name: `${name}-rollout`,
        ownerReferences: [
          { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name, uid, controller: true },
        ],
      },
      spec: {
        replicas: spec.replicas ?? 1,
        selector: { matchLabels: labels },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
    },
  });
  return labels;
}

async function templateOf(admin: KubeClient, path: string): Promise<Template> {
  const { spec } = await admin.call<{ readonly spec: { readonly template: Template } }>(path);
  return spec.template;
}

const madeAt = ({ metadata }: KubeObject): number => Date.parse(metadata.creationTimestamp ?? '');

function isReady({ status }: KubeObject): boolean {
  const { conditions = [] } = (status ?? {}) as {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
  return conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True');
}
