import type { Cluster } from '@aws-sdk/client-eks';
import { safeText } from '../../../jobs/restart/redact.ts';
import type { ClusterFacts, Facts, LeftOut, ListedPlace } from '../../import/facts.ts';
import { isRegion, type AccountId, type Region } from '../../names/arn.ts';
import { isEksClusterName } from '../../names/kubernetes.ts';
import { atMost } from './at-most.ts';
import type { Aws, Profile } from './aws.ts';

/** A profile, a region or a cluster that did not answer: the others were asked all the same. */
export interface Unread {
  /** `profile golf`, `profile golf in eu-west-1`, … */
  readonly source: string;
  /** Never holds credentials. */
  readonly found: string;
  /** An imperative sentence. */
  readonly next: string;
}

export interface EksFacts extends Facts {
  readonly unread: readonly Unread[];
}

/** Calls to AWS at a time, over all profiles: EKS throttles by account, and laptops have few sockets. */
const mostCalls = 8;

/**
 * All clusters of the profiles’ accounts. What fails is told by name, and the rest goes on.
 *
 * @param regions of each profile; none: its own
 */
export async function askEks(
  aws: Aws,
  profiles: readonly Profile[],
  regions: readonly Region[],
): Promise<EksFacts> {
  const run = atMost(mostCalls);
  const clusters: ClusterFacts[] = [];
  const listed: ListedPlace[] = [];
  const leftOut: LeftOut[] = [];
  const unread: Unread[] = [];
  const tried = async <T>(
    source: string,
    action: string,
    ask: () => Promise<T>,
  ): Promise<T | undefined> => {
    try {
      return await run(ask);
    } catch (error) {
      unread.push({ source, ...whyUnread(error, action) });
      return undefined;
    }
  };

  const askRegion = async (profile: Profile, account: AccountId, region: Region) => {
    const source = `${nameOf(profile)} in ${region}`;
    const names = await tried(source, 'eks:ListClusters', () => aws.list(profile, region));
    if (!names) return;
    listed.push({ account, region, names });
    const asked = names.filter(isEksClusterName).map(async (name) => {
      const where = `${source}, cluster ${name}`;
      const found = await tried(where, 'eks:DescribeCluster', () =>
        aws.describe(profile, region, name),
      );
      if (!found) return;
      const status = found.status ?? 'ACTIVE';
      if (['CREATING', 'DELETING', 'FAILED'].includes(status)) {
        const next = 'Import again once it is ACTIVE.';
        leftOut.push({ what: where, why: `it is ${safeText(status)}`, next });
      } else clusters.push(factsOf(found, { source, eksCluster: name, region, account }));
    });
    await Promise.all(asked);
  };

  const askProfile = async (profile: Profile): Promise<AccountId | undefined> => {
    const source = nameOf(profile);
    const own = regions.length > 0 ? regions : await ownRegion(aws, profile);
    const [first] = own;
    if (first === undefined) {
      unread.push({ source, found: 'it names no region', next: 'Name regions by --region.' });
      return undefined;
    }
    const account = await tried(source, 'sts:GetCallerIdentity', () => aws.account(profile, first));
    if (account === undefined) return undefined;
    await Promise.all(own.map((region) => askRegion(profile, account, region)));
    return account;
  };

  const accounts = await Promise.all(profiles.map(askProfile));
  const accountNames = new Map<AccountId, string>();
  for (const [index, account] of accounts.entries()) {
    const profile = profiles[index];
    if (account === undefined || profile === undefined || accountNames.has(account)) continue;
    accountNames.set(account, profile);
  }
  // In the order of their names, not in that of the answers.
  const bySource = (a: { source: string }, b: { source: string }) => (a.source < b.source ? -1 : 1);
  return {
    clusters: clusters.sort(bySource),
    listed,
    accountNames,
    leftOut: leftOut.sort((a, b) => (a.what < b.what ? -1 : 1)),
    unread: unread.sort(bySource),
  };
}

const nameOf = (profile: Profile): string =>
  profile === undefined ? 'the default credentials' : `profile ${profile}`;

async function ownRegion(aws: Aws, profile: Profile): Promise<readonly Region[]> {
  const region = await aws.regionOf(profile);
  return region !== undefined && isRegion(region) ? [region] : [];
}

function factsOf(
  { identity, endpoint, certificateAuthority, accessConfig, tags }: Cluster,
  place: Pick<ClusterFacts, 'source' | 'eksCluster' | 'region'> & { readonly account: AccountId },
): ClusterFacts {
  const oidcIssuer = identity?.oidc?.issuer;
  const mode = accessConfig?.authenticationMode;
  return {
    ...place,
    ...(oidcIssuer !== undefined && { oidcIssuer }),
    ...(endpoint !== undefined && { endpoint }),
    ...(certificateAuthority?.data !== undefined && {
      certificateAuthority: certificateAuthority.data,
    }),
    ...(mode !== undefined && { authenticationMode: mode }),
    ...(tags && { tags }),
  };
}

const throttled = /^(?:Throttl|TooManyRequests|RequestLimitExceeded|SlowDown)/;
const denied = /^(?:AccessDenied|Forbidden|UnauthorizedOperation)/;
const badCredentials =
  /^(?:CredentialsProviderError|TokenProviderError|ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch|MissingAuthenticationToken)/;

function whyUnread(error: unknown, action: string): Pick<Unread, 'found' | 'next'> {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const found = safeText(`${action}: ${name}: ${message}`);
  if (throttled.test(name)) return { found, next: 'Import again later, or fewer regions at once.' };
  if (denied.test(name)) return { found, next: `Allow ${action}, or name another profile.` };
  if (badCredentials.test(name)) {
    return { found, next: 'Log in, such as by `aws sso login`, and check the profile’s name.' };
  }
  return { found, next: 'Check the region, and the way there (VPN, proxy).' };
}
