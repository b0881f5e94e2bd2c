import { EKSClient, DescribeClusterCommand } from '@aws-sdk/client-eks';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import type { Credentials } from '@aws-sdk/client-sts';
import { Agent, request } from 'undici';
import { issueServiceAccountToken } from '../../../src/simulator/identity/service-account-tokens.ts';
import { webhookEnvironment } from '../../../src/simulator/identity/webhook.ts';
import type { World, WorldCluster } from '../../../src/simulator/load/world.ts';
import type { Servers } from '../../../src/simulator/servers/start.ts';
import { presignedUrl, toToken } from './requests.ts';

const region = 'eu-west-1';

interface SdkCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

const toSdk = (credentials: Credentials | undefined): SdkCredentials => ({
  accessKeyId: credentials?.AccessKeyId ?? '',
  secretAccessKey: credentials?.SecretAccessKey ?? '',
  sessionToken: credentials?.SessionToken ?? '',
});

/** The unmodified SDK client, led to the simulated STS. */
export const stsClient = (servers: Servers, credentials?: SdkCredentials): STSClient =>
  new STSClient({
    region,
    endpoint: servers.sts,
    maxAttempts: 1,
    requestHandler: { httpsAgent: { ca: servers.ca } },
    ...(credentials && { credentials }),
  });

export const eksClient = (
  servers: Servers,
  credentials: SdkCredentials,
  { region }: Pick<WorldCluster, 'region'>,
): EKSClient =>
  new EKSClient({
    region,
    endpoint: servers.eks,
    maxAttempts: 1,
    requestHandler: { httpsAgent: { ca: servers.ca } },
    credentials,
  });

export async function hubCredentials(world: World, servers: Servers): Promise<SdkCredentials> {
  const injected = webhookEnvironment(world, 'ci', 'sts', 'key-restarter');
  if (!injected) throw new Error('the pod has no web identity');
  const { audience, lifetimeSeconds } = injected.token;
  const token = issueServiceAccountToken(
    world,
    'ci',
    'sts',
    'key-restarter',
    audience,
    lifetimeSeconds,
  );
  const client = stsClient(servers);
  try {
    const { Credentials } = await client.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: injected.environment.AWS_ROLE_ARN,
        RoleSessionName: 'job',
        WebIdentityToken: token,
      }),
    );
    return toSdk(Credentials);
  } finally {
    client.destroy();
  }
}

export async function targetCredentials(
  servers: Servers,
  hub: SdkCredentials,
  { fragment }: WorldCluster,
): Promise<SdkCredentials> {
  const client = stsClient(servers, hub);
  try {
    const { Credentials } = await client.send(
      new AssumeRoleCommand({
        RoleArn: fragment?.mapRoles[0]?.rolearn,
        RoleSessionName: 'restart',
      }),
    );
    return toSdk(Credentials);
  } finally {
    client.destroy();
  }
}

export interface KubeAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface KubeRequest {
  readonly path: string;
  readonly method?: 'GET' | 'PATCH';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** One request to a cluster's API, over its own CA. */
export async function kube(
  url: string,
  ca: string,
  bearer: string,
  { path, method = 'GET', headers, body }: KubeRequest,
): Promise<KubeAnswer> {
  const dispatcher = new Agent({ connect: { ca } });
  try {
    const answer = await request(`${url}${path}`, {
      dispatcher,
      method,
      headers: { authorization: `Bearer ${bearer}`, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, body: await answer.body.json() };
  } finally {
    await dispatcher.close();
  }
}

/** All seven links, as the job crosses them, up to a GET of one workload. */
export async function crossChain(
  world: World,
  servers: Servers,
  clusterName: string,
  get = '/apis/apps/v1/namespaces/sts/deployments/encrypter',
): Promise<KubeAnswer> {
  const cluster = world.clusters.get(clusterName);
  if (!cluster) throw new Error(`no cluster ${clusterName}`);
  const hub = await hubCredentials(world, servers);
  const credentials = await targetCredentials(servers, hub, cluster);
  const eks = eksClient(servers, credentials, cluster);
  const described = await eks
    .send(new DescribeClusterCommand({ name: cluster.eksCluster }))
    .finally(() => {
      eks.destroy();
    });
  const ca = Buffer.from(described.cluster?.certificateAuthority?.data ?? '', 'base64');
  const at = world.clock.now();
  const token = toToken(await presignedUrl({ credentials, at, cluster: cluster.eksCluster }));
  return kube(described.cluster?.endpoint ?? '', ca.toString(), token, { path: get });
}
