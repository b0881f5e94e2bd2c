import { until } from '../../../support/wait.ts';
import type { RealCluster } from '../cluster/cluster.ts';

const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

interface Definition {
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[] | null;
  };
}

/**
 * Waits until the API server serves every CustomResourceDefinition. Not by `kubectl wait`, which gives
 * up on one that has no conditions yet.
 */
export const established = (cluster: RealCluster): Promise<unknown> =>
  until('all kinds are served', async () => {
    const { items } = await cluster.admin.call<{ readonly items: readonly Definition[] }>(path);
    return items.every(({ status }) =>
      (status?.conditions ?? []).some((one) => one.type === 'Established' && one.status === 'True'),
    );
  });
