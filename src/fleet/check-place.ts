import type { ClusterIndex } from './check-selector.ts';
import type { Problems } from './codes.ts';
import type { Expanded, ServiceDraft } from './expand-envs.ts';
import { reportExactlyOne, reportUnknown } from './references.ts';
import type { FleetDraft } from './shape.ts';

/** A service runs in a cluster, in a namespace, or is a role of an account. */
export function checkPlace(
  expanded: Expanded<ServiceDraft>,
  draft: FleetDraft,
  clusters: ClusterIndex,
  problems: Problems,
): void {
  const { service, path, at } = expanded;
  const next = 'Add cluster; or account and role, for a principal outside of Kubernetes.';
  reportExactlyOne(problems, service, path, ['cluster', 'account'], next);
  const { cluster, account } = service;
  if (cluster !== undefined && clusters.named && !clusters.byName.has(cluster)) {
    reportUnknown(problems, 'cluster', cluster, clusters.byName.keys(), at('cluster'));
  }
  if (account !== undefined && draft.accounts && !Object.hasOwn(draft.accounts, account)) {
    reportUnknown(problems, 'account', account, Object.keys(draft.accounts), at('account'));
  }
  if ('cluster' in service) {
    reportMissing(expanded, 'namespace', 'the namespace that it runs in', problems);
  } else if ('account' in service) {
    reportMissing(expanded, 'role', 'the role of someone else’s that it is', problems);
    for (const key of ofPodsAlone) reportMisplaced(expanded, key, problems);
  }
}

const ofPodsAlone = [
  ...(['namespace', 'existingNamespace', 'serviceAccount', 'existingServiceAccount'] as const),
  ...(['podIdentity', 'migratingFrom'] as const),
  ...(['s3Check', 'awsConfig', 'kubeconfig'] as const),
];

function reportMissing(
  { service, path }: Expanded<ServiceDraft>,
  key: 'namespace' | 'role',
  what: string,
  problems: Problems,
): void {
  if (key in service) return;
  problems.add({
    code: 'fleet/missing-key',
    path: [...path, key],
    found: `no key "${key}"`,
    expected: `${key}: ${what}`,
    next: `Add the key "${key}".`,
  });
}

function reportMisplaced(
  { service, at }: Expanded<ServiceDraft>,
  key: (typeof ofPodsAlone)[number],
  problems: Problems,
): void {
  if (!(key in service)) return;
  problems.add({
    code: 'fleet/misplaced-key',
    path: at(key),
    atKey: true,
    found: `${key}, of a service without a cluster`,
    expected: `${key} of pods alone: this service is a role outside of Kubernetes`,
    next: 'Remove it, or name the cluster that the service runs in.',
  });
}
