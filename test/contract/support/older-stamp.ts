import { until } from '../../support/wait.ts';
import type { Lab } from '../laboratory.ts';
import { intercept, requests } from './intercept.ts';

interface Seen {
  readonly metadata: { readonly generation: number };
  readonly status?: { readonly observedGeneration?: number };
}

const older = {
  spec: {
    template: {
      metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': '2020-01-01T00:00:00Z' } },
    },
  },
};

/**
 * An agent that puts an older stamp in the place of each that the job sets, as soon as the Deployment
 * controller has begun the rollout, and before the job has its answer. The agent owns the stamp then.
 */
export function putBackOlder(lab: Lab, cluster: string, manager: string): void {
  intercept(lab.kube(cluster), async (request, handle) => {
    const answer = await handle();
    if (!requests.patch(request) || answer.kind !== 'json' || answer.status !== 200) return answer;
    const { pathname: path } = new URL(request.path, 'https://cluster');
    const { generation } = (answer.body as Seen).metadata;
    await until(`the controller has seen the stamp on ${path}`, async () => {
      const { status } = (await lab.admin(cluster, { path })).body as Seen;
      return (status?.observedGeneration ?? 0) >= generation;
    });
    await lab.admin(cluster, {
      method: 'PATCH',
      path: `${path}?fieldManager=${manager}`,
      body: older,
    });
    return answer;
  });
}
