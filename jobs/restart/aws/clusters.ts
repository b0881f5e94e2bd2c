import type { PlannedIdentity } from '../../../src/plan/restart-plan.ts';
import { createKubeClient } from '../kube/client.ts';
import { createWorkloads } from '../kube/deployments.ts';
import type { Clock, Clusters, Workloads } from '../ports.ts';
import { retry } from '../retry.ts';
import { describeCluster } from './describe.ts';
import { createTokenSource } from './eks-token.ts';
import { createSessions } from './sessions.ts';
import type { WebIdentityEnvironment } from './web-identity.ts';

export interface ClustersOptions {
  readonly identity: PlannedIdentity;
  /** The process's environment; the two web-identity variables are read. */
  readonly env: WebIdentityEnvironment;
  readonly clock: Clock;
  /** The restart's name: it stands in the session names. */
  readonly restart: string;
  /** Of this program, for the User-Agent: `rollcall/<version>`. */
  readonly version: string;
  /** In [0, 1), for the jitter of retries. Default: `Math.random`. */
  readonly random?: () => number;
}

/**
 * The way into real clusters: web identity, the target's role, describe, and a client whose token
 * stays fresh. Connecting and reading one object are retried here; `observe` retries lists and
 * watches itself; a patch is never repeated blindly.
 */
export function createClusters(options: ClustersOptions): Clusters {
  const { identity, env, clock, restart, version, random } = options;
  const sessions = createSessions({ identity, environment: env, clock, restart, version });
  const retrying = (signal: AbortSignal) => ({ clock, signal, ...(random ? { random } : {}) });

  return {
    connect(target, signal) {
      const session = sessions.target(target);
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
        const workloads = createWorkloads(client);
        const retried: Workloads = {
          ...workloads,
          get: (namespace, name, own) =>
            retry(() => workloads.get(namespace, name, own), retrying(own)),
        };
        return { workloads: retried, close: () => client.close() };
      }, retrying(signal));
    },
  };
}
