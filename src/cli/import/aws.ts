import {
  DescribeClusterCommand,
  EKSClient,
  paginateListClusters,
  type Cluster,
} from '@aws-sdk/client-eks';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { isAccountId, type AccountId, type Region } from '../../names/arn.ts';
import { product } from '../../names/product.ts';

/** What is asked of AWS. Every call may throw the SDK’s errors. */
export interface Aws {
  /** The region that a profile names; `undefined`: none. */
  regionOf(profile: Profile): Promise<string | undefined>;
  account(profile: Profile, region: Region): Promise<AccountId>;
  /** The names of all EKS clusters of the account and region. */
  list(profile: Profile, region: Region): Promise<readonly string[]>;
  describe(profile: Profile, region: Region, name: string): Promise<Cluster | undefined>;
  /** Ends connections that are kept for further calls. */
  close(): void;
}

/** A profile of the shared AWS config; `undefined`: the credentials that the SDK finds by itself. */
export type Profile = string | undefined;

/** One answer, retries included, takes no longer. Milliseconds. */
const patienceMs = 60_000;

/**
 * The SDK with its default chain of credentials, for a profile: static keys, SSO, roles, processes.
 * It heeds AWS_CONFIG_FILE, AWS_ENDPOINT_URL_EKS and the like. A profile's credentials are got once.
 */
export function createAws(): Aws {
  const stsClients = new Map<Profile, STSClient>();
  const eksClients = new Map<string, EKSClient>();

  const stsClient = (profile: Profile, region?: Region): STSClient => {
    const client = stsClients.get(profile) ?? new STSClient(clientOptions(profile, region));
    stsClients.set(profile, client);
    return client;
  };
  const eksClient = (profile: Profile, region: Region): EKSClient => {
    const key = JSON.stringify([profile, region]);
    const { credentials } = stsClient(profile, region).config;
    const client =
      eksClients.get(key) ?? new EKSClient({ ...clientOptions(profile, region), credentials });
    eksClients.set(key, client);
    return client;
  };
  const limited = () => ({ abortSignal: AbortSignal.timeout(patienceMs) });

  return {
    async regionOf(profile) {
      const client = new EKSClient(clientOptions(profile));
      return client.config.region().catch(() => undefined);
    },
    async account(profile, region) {
      const command = new GetCallerIdentityCommand({});
      const { Account = '' } = await stsClient(profile, region).send(command, limited());
      if (!isAccountId(Account)) throw new Error('GetCallerIdentity names no account');
      return Account;
    },
    async list(profile, region) {
      const names: string[] = [];
      const client = eksClient(profile, region);
      for await (const page of paginateListClusters({ client }, {}, limited())) {
        names.push(...(page.clusters ?? []));
      }
      return names;
    },
    async describe(profile, region, name) {
      const command = new DescribeClusterCommand({ name });
      return (await eksClient(profile, region).send(command, limited())).cluster;
    },
    close() {
      for (const client of [...stsClients.values(), ...eksClients.values()]) client.destroy();
    },
  };
}

const clientOptions = (profile: Profile, region?: Region) => ({
  maxAttempts: 4,
  customUserAgent: [[product.name, product.version]] as [[string, string]],
  requestHandler: { connectionTimeout: 10_000, requestTimeout: 20_000 },
  ...(profile !== undefined && { profile }),
  ...(region !== undefined && { region }),
});
