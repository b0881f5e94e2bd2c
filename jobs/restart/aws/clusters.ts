import type { PlannedIdentity } from '../../../src/plan/restart-plan.ts';
import { createKubeClient, type KubeClient } from '../kube/client.ts';
import { createPods } from '../kube/pods.ts';
import { createReviews } from '../kube/reviews.ts';
import { createWorkloads } from '../kube/workloads.ts';
import type { Clock, Clusters, Connection } from '../ports.ts';
import { retry } from '../retry.ts';
import { describeCluster } from './describe.ts';
import { createTokenSource } from './eks-token.ts';
import type { IdentityEnvironment } from './sessions/session.ts';
import { createSessions } from './sessions/sessions.ts';

export interface ClustersOptions {
  readonly identity: PlannedIdentity;
  /** The process's environment: what it says of the pod's identity is read. */
  readonly env: IdentityEnvironment;
  readonly clock: Clock;
  /** The restart's name: it stands in the session names. */
  readonly restart: string;
  /** Of this program, for the User-Agent: `rollcall/<version>`. */
  readonly version: string;
  /** In [0, 1), for the jitter of retries. Default: `Math.random`. */
  readonly random?: () => number;
}

/**
 * The way into real clusters: the pod's identity, the target's role, describe, and a client whose
 * token stays fresh. Connecting, reading one object and reviews are retried here; `observe` retries lists
 * and watches itself, pods are looked at again by the run's own timers, and a patch is never repeated
 * blindly.
 */
export function createClusters(options: ClustersOptions): Clusters {
  const { identity, env, clock, restart, version, random } = options;
  const jitter = random ? { random } : {};
  const sessions = createSessions(identity, {
    environment: env,
    clock,
    restart,
    version,
    ...jitter,
  });
  const retrying = (signal: AbortSignal) => ({ clock, signal, ...jitter });

  const toConnection = (client: KubeClient): Connection => {
    const workloads = createWorkloads(client);
    const reviews = createReviews(client);
    return {
      workloads: {
        ...workloads,
        get: (id, signal) => retry(() => workloads.get(id, signal), retrying(signal)),
      },
      reviews: {
        rules: (namespace, signal) =>
          retry(() => reviews.rules(namespace, signal), retrying(signal)),
        allowed: (right, signal) => retry(() => reviews.allowed(right, signal), retrying(signal)),
      },
      pods: createPods(client, () => clock.now()),
      close: () => client.close(),
    };
  };

  return {
    connect(target, signal) {
      const session = sessions(target);
      return retry(async () => {
        // Asked for first, so that a plan with a connection of its own names a broken link here too.
        await session(signal);
        const endpoint = await describeCluster(target, {
          session,
          version,
          now: () => clock.now(),
          signal,
        });
        const client = createKubeClient({
          ...endpoint,
          token: createTokenSource({ target, session, clock }),
          userAgent: `rollcall/${version}`,
          caller: `${target.roleArn}, with a token signed for the EKS cluster ${target.eksCluster}`,
          compareOn401:
            "the cluster's aws-auth mapRoles (or its access entries) with that role, which must stand there without a path, and that name with the EKS name of the cluster",
          now: () => clock.now(),
        });
        return toConnection(client);
      }, retrying(signal));
    },
  };
}
