import { eksToken } from '../../../../jobs/restart/aws/eks-token.ts';
import type { Region } from '../../../../src/names/arn.ts';
import type { Session } from '../../../../src/simulator/aws/sessions.ts';
import { KubeClient } from '../../../support/kube-client.ts';
import type { RealFleet } from '../fleet/real-fleet.ts';
import { namespace } from './fleet.ts';

export interface ShortSessions {
  /** Those of the role in the cluster's account. */
  of(cluster: string): readonly Session[];
  /** STS gives sessions as before. */
  restore(): void;
}

/**
 * STS gives sessions that it says to end after `toldSeconds`, and that end after `seconds`. The job
 * renews a token a minute before its session ends, so of 61 s it uses one.
 */
export function shortenSessions(
  { world }: RealFleet,
  { toldSeconds, seconds }: { readonly toldSeconds: number; readonly seconds: number },
): ShortSessions {
  const { sessions, clock } = world;
  const issue = sessions.issue.bind(sessions);
  const issued: Session[] = [];
  sessions.issue = (role, name) => {
    const session = issue(role, name, toldSeconds);
    issued.push(session);
    const end = (): void => {
      Object.assign(session, { expiration: clock.now() });
    };
    setTimeout(end, seconds * 1000).unref();
    return session;
  };
  return {
    of: (cluster) =>
      issued.filter(({ role }) => role.account === world.clusters.get(cluster)?.account),
    restore: () => {
      sessions.issue = issue;
    },
  };
}

/** Asks the cluster with one and the same EKS token of the session, each time it is called. */
export async function askWith(
  fleet: RealFleet,
  cluster: string,
  { credentials, expiration }: Session,
): Promise<() => Promise<number>> {
  const target = fleet.world.clusters.get(cluster);
  if (!target) throw new Error(`no cluster ${cluster}`);
  const session = { ...credentials, expiresAt: expiration };
  const { eksCluster, partition } = target;
  const where = { eksCluster, partition, region: target.region as Region };
  const token = await eksToken(where, session, Date.now());
  const { url, ca } = fleet.cluster(cluster).server;
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  return async () => {
    const client = new KubeClient({ url, ca, token });
    try {
      return (await client.send(path)).status;
    } finally {
      await client.close();
    }
  };
}
