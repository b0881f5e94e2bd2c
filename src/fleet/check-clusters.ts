import { checkClusterIdentity } from './check-identity.ts';
import type { ClusterDraft } from './check-selector.ts';
import type { Problems } from './codes.ts';
import type { FleetPath } from './diagnostic.ts';
import { issuerRegion } from '../names/endpoint.ts';
import { reportRepeated, reportRepeats, reportUnknown } from './references.ts';
import type { FleetDraft } from './shape.ts';

/** Accounts and clusters: each there once, and every account that a cluster names. */
export function checkClusters(draft: FleetDraft, problems: Problems): void {
  const accounts = Object.entries(draft.accounts ?? {});
  reportRepeats(problems, accounts, {
    code: 'fleet/duplicate-account-id',
    key: ([, id]) => id,
    path: ([name]) => ['accounts', name],
    found: ([, id], [first]) => `the id ${id ?? ''}, which is "${first}" already`,
    expected: 'every account once',
    next: 'Correct the id, or use the one name for both.',
  });

  const clusters = (draft.clusters ?? []).map((cluster, index) => ({ ...cluster, index }));
  reportRepeats(problems, clusters, {
    code: 'fleet/duplicate-name',
    key: ({ name }) => name,
    path: ({ index }) => ['clusters', index, 'name'],
    found: ({ name = '' }) => `a second cluster "${name}"`,
    expected: 'every cluster’s name once',
    next: 'Rename one; where EKS knows both by that name, write it under eksCluster.',
  });
  reportRepeats(problems, clusters, {
    code: 'fleet/duplicate-cluster',
    key: ({ account, region, eksCluster, name }) =>
      account && region && name && [account, region, eksCluster ?? name].join(' '),
    path: ({ index }) => ['clusters', index],
    found: (again, first) =>
      `the EKS cluster ${again.eksCluster ?? again.name ?? ''} in ${again.region ?? ''} of "${again.account ?? ''}", which is "${first.name ?? ''}" already`,
    expected: 'every EKS cluster once',
    next: 'Remove one, or correct its account, region or eksCluster.',
  });
  reportRepeats(problems, clusters, {
    code: 'fleet/duplicate-cluster',
    key: ({ oidcIssuer }) => oidcIssuer,
    path: ({ index }) => ['clusters', index, 'oidcIssuer'],
    found: (_, first) => `the issuer of "${first.name ?? ''}"`,
    expected: 'an issuer of its own: two clusters with one could take each other’s roles',
    next: 'Write this cluster’s own issuer.',
  });

  for (const { oidcIssuer = '', region, index } of clusters) {
    const itsRegion = issuerRegion(oidcIssuer);
    if (region === undefined || itsRegion === undefined || itsRegion === region) continue;
    problems.add({
      code: 'fleet/issuer',
      path: ['clusters', index, 'oidcIssuer'],
      found: `an issuer of EKS in ${itsRegion}, for a cluster in ${region}`,
      expected: 'the cluster’s own issuer, which EKS has in the cluster’s region',
      next: 'Write what DescribeCluster shows of this very cluster, or correct the region.',
    });
  }

  for (const cluster of clusters) checkIdentities(cluster, ['clusters', cluster.index], problems);
  if (!draft.accounts) return;
  const names = Object.keys(draft.accounts);
  for (const { account, existingOidcProvider, index } of clusters) {
    const path = ['clusters', index];
    if (account !== undefined && !names.includes(account)) {
      reportUnknown(problems, 'account', account, names, [...path, 'account']);
    }
    if (!Array.isArray(existingOidcProvider)) continue;
    const listed: readonly unknown[] = existingOidcProvider;
    for (const [position, name] of listed.entries()) {
      if (typeof name !== 'string' || names.includes(name)) continue;
      reportUnknown(problems, 'account', name, names, [...path, 'existingOidcProvider', position]);
    }
  }
}

function checkIdentities(cluster: ClusterDraft, path: FleetPath, problems: Problems): void {
  checkClusterIdentity(cluster, path, problems);
  if (cluster.existingOidcProvider && !('oidcIssuer' in cluster)) {
    problems.add({
      code: 'fleet/misplaced-key',
      path: [...path, 'existingOidcProvider'],
      atKey: true,
      found: 'existingOidcProvider, and no oidcIssuer',
      expected: 'the issuer that the provider is for',
      next: 'Add oidcIssuer.',
    });
  }
  const { kiam, kube2iam } = cluster.agents ?? {};
  reportRepeated(problems, kube2iam?.nodeRoles, [...path, 'agents', 'kube2iam', 'nodeRoles']);
  if (!kiam?.serverNodes || Object.keys(kiam.serverNodes).length > 0) return;
  problems.add({
    code: 'fleet/empty',
    path: [...path, 'agents', 'kiam', 'serverNodes'],
    found: 'an empty map: the server would run on every node, and agents on none',
    expected: 'at least one label',
    next: 'Add a label of the server’s nodes, or remove the key for kiam-server: "true".',
  });
}
