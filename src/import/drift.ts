import type { FleetPath } from '../fleet/diagnostic.ts';
import type { Cluster, Fleet } from '../fleet/model.ts';
import { isIssuer } from '../names/endpoint.ts';
import { isLabelValue } from '../names/kubernetes.ts';
import { nameAccount } from './cluster-names.ts';
import type { FileEdit, Value } from './edit-model.ts';
import { identityOf, type Facts, type FoundCluster, type LeftOut } from './facts.ts';

/** Facts that stand in the file otherwise: they are refreshed once somebody agrees. */
export const refreshable = ['issuer', 'endpoint', 'access-control', 'labels'] as const;
export type Refreshable = (typeof refreshable)[number];

/** Where the file and what was found differ. */
export interface Difference {
  /** The fleet’s name for the cluster, or the service’s, where it is about one. */
  readonly of: string;
  readonly what: 'account' | 'cluster' | Refreshable | 'user' | 'policy' | 'existing role';
  /** What stands in the file; `null`: nothing. */
  readonly file: string | null;
  /** What was found; `null`: nothing. */
  readonly found: string | null;
  /** `add`: without being asked. `refresh`: once somebody agrees. `tell`: by hand alone. */
  readonly kind: 'add' | 'refresh' | 'tell';
  readonly edits: readonly FileEdit[];
}

export interface DriftOptions {
  /** The tags of EKS that become labels. */
  readonly tags: readonly string[];
  /** Names of clusters that are not in the file, by identity. */
  readonly names: ReadonlyMap<string, string>;
}

/** What the file lacks, and what has changed: of accounts and clusters. */
export interface Drift {
  readonly differences: readonly Difference[];
  readonly leftOut: readonly LeftOut[];
}

/** @param fleet absent: there is no file yet */
export function clusterDrift(
  fleet: Pick<Fleet, 'accounts' | 'clusters'> | undefined,
  found: readonly FoundCluster[],
  { listed, accountNames }: Pick<Facts, 'listed' | 'accountNames'>,
  options: DriftOptions,
): Drift {
  const inFile = new Map(
    (fleet?.clusters ?? []).map((cluster, index) => [fileIdentity(cluster), { cluster, index }]),
  );
  const accounts = new Map((fleet?.accounts ?? []).map(({ id, name }) => [id, name]));
  const differences: Difference[] = [];
  const leftOut: LeftOut[] = [];
  const withoutMode: string[] = [];
  for (const one of found) {
    const known = inFile.get(identityOf(one));
    const labels = labelsOf(one, options.tags, leftOut);
    if (known) {
      differences.push(...changesOf(known.cluster, ['clusters', known.index], one, labels));
      continue;
    }
    let account = accounts.get(one.account);
    if (account === undefined) {
      account = nameAccount(one.account, accountNames.get(one.account), new Set(accounts.values()));
      accounts.set(one.account, account);
      differences.push(newAccount(account, one.account));
    }
    const name = options.names.get(identityOf(one)) ?? one.eksCluster;
    differences.push(newCluster(name, account, one, labels));
    if (one.authenticationMode === undefined) withoutMode.push(name);
  }
  if (withoutMode.length > 0) leftOut.push(unknownMode(withoutMode));
  for (const { cluster } of inFile.values()) {
    if (!isGone(cluster, listed)) continue;
    const file = `${cluster.eksCluster} in ${cluster.region} of ${cluster.account.id}`;
    differences.push(tell(cluster.name, 'cluster', file, null));
  }
  return { differences, leftOut };
}

export const fileIdentity = ({ account, region, eksCluster }: Cluster): string =>
  identityOf({ account: account.id, region, eksCluster });

export const tell = (
  of: string,
  what: Difference['what'],
  file: string | null,
  found: string | null,
): Difference => ({ of, what, file, found, kind: 'tell', edits: [] });

/** Only where its place was listed: what was not asked for is not gone. */
function isGone({ account, region, eksCluster }: Cluster, listed: Facts['listed']): boolean {
  const places = listed.filter((one) => one.account === account.id && one.region === region);
  return places.length > 0 && !places.some(({ names }) => names.includes(eksCluster));
}

const newAccount = (name: string, id: string): Difference => ({
  of: name,
  what: 'account',
  file: null,
  found: id,
  kind: 'add',
  edits: [{ kind: 'put', path: ['accounts', name], value: id }],
});

function newCluster(
  name: string,
  account: string,
  found: FoundCluster,
  labels: Readonly<Record<string, string>>,
): Difference {
  const { eksCluster, region, oidcIssuer } = found;
  const value: Value = {
    name,
    account,
    region,
    ...(eksCluster !== name && { eksCluster }),
    ...(oidcIssuer !== undefined && isIssuer(oidcIssuer) && { oidcIssuer }),
    ...(takesEntries(found) && { accessControl: 'access-entries' }),
    ...(Object.keys(labels).length > 0 && { labels }),
  };
  return {
    of: name,
    what: 'cluster',
    file: null,
    found: `${eksCluster} in ${region} of ${found.account}`,
    kind: 'add',
    edits: [{ kind: 'append', path: ['clusters'], value }],
  };
}

/** New clusters of which only a kubeconfig tells: what lets people in is not in it. */
const unknownMode = (clusters: readonly string[]): LeftOut => ({
  what: `the authentication mode of ${clusters.join(', ')}`,
  why: 'no source tells it, so the fleet file’s default holds, accessControl: aws-auth. In mode API nobody would get in by that',
  next: 'Import with --profile or --eks, or see `aws eks describe-cluster --name NAME --query cluster.accessConfig`, and write accessControl: access-entries where it says API.',
});

const takesEntries = ({ authenticationMode }: FoundCluster): boolean =>
  authenticationMode === 'API' || authenticationMode === 'API_AND_CONFIG_MAP';

function changesOf(
  cluster: Cluster,
  path: FleetPath,
  found: FoundCluster,
  labels: Readonly<Record<string, string>>,
): readonly Difference[] {
  const { name: of, oidcIssuer, accessControl } = cluster;
  const put = (key: string, value: string): FileEdit => ({
    kind: 'put',
    path: [...path, ...key.split('.')],
    value,
  });
  const changes: Difference[] = [];
  const issuer = found.oidcIssuer;
  if (issuer !== undefined && isIssuer(issuer) && issuer !== oidcIssuer) {
    const kind = oidcIssuer === undefined ? 'add' : 'refresh';
    const edits = [put('oidcIssuer', issuer)];
    changes.push({ of, what: 'issuer', file: oidcIssuer ?? null, found: issuer, kind, edits });
  }
  const moved = endpointChange(cluster, found);
  if (moved) {
    const { endpoint, certificateAuthority, ...told } = moved;
    const edits = [
      put('connection.endpoint', endpoint),
      put('connection.certificateAuthority', certificateAuthority),
    ];
    changes.push({ of, what: 'endpoint', ...told, kind: 'refresh', edits });
  }
  const wanted = accessControlOf(found.authenticationMode);
  if (wanted !== undefined && wanted !== accessControl) {
    const edits = [put('accessControl', wanted)];
    const told = { file: accessControl, found: wanted, edits };
    changes.push({ of, what: 'access-control', ...told, kind: 'refresh' });
  }
  return [...changes, ...labelChanges(cluster, path, labels)];
}

/** Of a cluster whose endpoint stands in the file: it, or the CA beside it, may be another by now. */
function endpointChange({ connection }: Cluster, found: FoundCluster) {
  const { endpoint, certificateAuthority } = found;
  if (!connection || endpoint === undefined || certificateAuthority === undefined) return undefined;
  const sameEndpoint = connection.endpoint === endpoint;
  if (sameEndpoint && connection.certificateAuthority === certificateAuthority) return undefined;
  const [file, now] = sameEndpoint
    ? [`another CA of ${endpoint}`, 'the CA that it has now']
    : [connection.endpoint, endpoint];
  return { endpoint, certificateAuthority, file, found: now };
}

/** Where both ways are open, what the file says is as good as the other. */
const accessControlOf = (
  mode: FoundCluster['authenticationMode'],
): Cluster['accessControl'] | undefined => {
  if (mode === 'API') return 'access-entries';
  return mode === 'CONFIG_MAP' ? 'aws-auth' : undefined;
};

/** A label decides what selectors take in, and so who gets access: none is added unasked. */
const labelChanges = (
  { name, labels: inFile }: Cluster,
  path: FleetPath,
  labels: Readonly<Record<string, string>>,
): readonly Difference[] =>
  Object.entries(labels)
    .filter(([key, value]) => inFile[key] !== value)
    .map(([key, value]) => ({
      of: name,
      what: 'labels',
      file: inFile[key] === undefined ? null : `${key}=${inFile[key]}`,
      found: `${key}=${value}`,
      kind: 'refresh',
      edits: [{ kind: 'put', path: [...path, 'labels', key], value }],
    }));

/** Tags are wider than labels: what can't be one is left out. */
function labelsOf(
  { eksCluster, tags = {} }: FoundCluster,
  keys: readonly string[],
  leftOut: LeftOut[],
): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  for (const key of keys) {
    const value = tags[key];
    if (value === undefined) continue;
    if (isLabelValue(value)) labels[key] = value;
    else {
      leftOut.push({
        what: `tag ${key} of cluster ${eksCluster}`,
        why: `its value "${value}" can be no label`,
        next: 'Write the label by hand, in letters that labels have.',
      });
    }
  }
  return labels;
}
