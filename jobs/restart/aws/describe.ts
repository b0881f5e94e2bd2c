import { DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import type { PlannedTarget } from '../../../src/plan/restart-plan.ts';
import { LinkError } from '../link-error.ts';
import { safeText } from '../redact.ts';
import { classifyDescribe } from './classify.ts';
import { callDeadline, clientOptions } from './client-options.ts';
import type { Fresh } from './renewing.ts';
import type { Session } from './sessions/session.ts';

/** Where an API server is, and by which certificates it is known. */
export interface ClusterEndpoint {
  /** `https://…`, without a slash at its end. */
  readonly url: string;
  /** PEM. */
  readonly certificateAuthority: string;
}

/**
 * A target's endpoint and CA: from the plan when they stand there, from DescribeCluster in the
 * target's region otherwise (the SDK heeds AWS_ENDPOINT_URL_EKS). Throws `LinkError`.
 */
export async function describeCluster(
  target: PlannedTarget,
  options: {
    readonly session: Fresh<Session>;
    readonly version: string;
    readonly now: () => number;
    readonly signal: AbortSignal;
  },
): Promise<ClusterEndpoint> {
  const { connection } = target;
  if (connection) {
    return toEndpoint(target, connection.endpoint, connection.certificateAuthority, undefined);
  }
  const { session, version, now, signal } = options;
  const client = new EKSClient({
    region: target.region,
    credentials: await session(signal),
    ...clientOptions(version),
  });
  try {
    const command = new DescribeClusterCommand({ name: target.eksCluster });
    const { cluster } = await client.send(command, { abortSignal: callDeadline(signal) });
    return toEndpoint(
      target,
      cluster?.endpoint,
      cluster?.certificateAuthority?.data,
      cluster?.status,
    );
  } catch (error) {
    signal.throwIfAborted();
    throw classifyDescribe(error, {
      roleArn: target.roleArn,
      eksCluster: target.eksCluster,
      region: target.region,
      now: now(),
    });
  } finally {
    client.destroy();
  }
}

function toEndpoint(
  target: PlannedTarget,
  endpoint: string | undefined,
  certificateAuthority: string | undefined,
  status: string | undefined,
): ClusterEndpoint {
  const where = target.connection ? "the plan's connection" : 'DescribeCluster';
  if (!endpoint || !certificateAuthority) {
    const found = status === undefined ? '' : ` (status ${safeText(status)})`;
    throw new LinkError(
      'describe',
      `${where} of ${target.eksCluster} gives no endpoint or no certificate authority${found}. Expected: both.`,
      // A cluster that is being made gets them later.
      { transient: status === 'CREATING' },
    );
  }
  if (!/^https:\/\/[^\s/?#@]+\/?$/i.test(endpoint)) {
    throw new LinkError(
      'describe',
      `${where} of ${target.eksCluster} gives the endpoint ${safeText(endpoint)}. Expected: https://HOST[:PORT].`,
    );
  }
  const pem = Buffer.from(certificateAuthority, 'base64').toString('utf8');
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) {
    throw new LinkError(
      'describe',
      `${where} of ${target.eksCluster} gives a certificate authority that is not PEM in base64. ` +
        'Expected: certificateAuthority.data as DescribeCluster returns it.',
    );
  }
  return { url: endpoint.replace(/\/$/, ''), certificateAuthority: pem };
}
