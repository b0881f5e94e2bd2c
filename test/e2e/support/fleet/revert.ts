import type { RealCluster } from '../cluster/cluster.ts';
import type { KubeClient, KubeObject } from '../../../support/kube-client.ts';

const restartedAt = 'kubectl.kubernetes.io/restartedAt';
const all = '/apis/apps/v1/deployments';

interface Template {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
}
interface WatchEvent {
  readonly type: string;
  readonly object: KubeObject & { readonly spec: { readonly template: Template } };
}

/**
 * A GitOps agent, as far as it matters here: it replaces each Deployment as it was, without the
 * stamp, as soon as it sees one, once each. Gives what it does, a line a cluster.
 */
export async function revertStamps(
  { name, admin }: RealCluster,
  manager: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  for (const object of await admin.list(all)) await makeOwner(admin, object, manager);
  const list = await admin.call(all);
  const since = `watch=1&resourceVersion=${list.metadata.resourceVersion ?? ''}`;
  const done = new Set<string>();
  const act = async (): Promise<void> => {
    for await (const event of admin.watch(`${all}?${since}`, signal)) {
      const { type, object } = event as WatchEvent;
      const { namespace = '', name: deployment } = object.metadata;
      const annotations = object.spec.template.metadata?.annotations ?? {};
      if (type !== 'MODIFIED' || !(restartedAt in annotations) || done.has(deployment)) continue;
      done.add(deployment);
      const body = [
        {
          op: 'remove',
          path: `/spec/template/metadata/annotations/${restartedAt.replace('/', '~1')}`,
        },
      ];
      const path = `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`;
      await admin.call(`${path}?fieldManager=${manager}`, {
        method: 'PATCH',
        contentType: 'application/json-patch+json',
        body,
      });
    }
  };
  act().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return [`${manager} takes the stamp out of every deployment of ${name}`];
}

/**
 * As if the agent had made it. Without, a write that only takes fields away leaves no trace of its
 * manager (structured-merge-diff, merge/update.go), and nobody could name it.
 */
async function makeOwner(admin: KubeClient, object: KubeObject, manager: string): Promise<void> {
  const { namespace = '', name, managedFields = [] } = object.metadata;
  const renamed = managedFields.map((entry) =>
    entry.subresource === undefined ? { ...entry, manager } : entry,
  );
  await admin.call(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`, {
    method: 'PATCH',
    body: { metadata: { managedFields: renamed } },
  });
}
