import type { AccessGraph } from '../src/access/graph.ts';
import { infrastructureNames } from '../src/fleet/model.ts';
import { infrastructureKinds } from '../src/flux/infrastructure-kinds.ts';
import { infrastructureObjects } from '../src/flux/infrastructure.ts';
import { ownAccounts } from '../src/flux/manifests.ts';
import { installedOf } from '../src/flux/props.ts';
import type { OutputFile } from '../src/iam/render.ts';
import type { ChartedCluster } from './cluster-charts.ts';
import { fullName } from './delivery-access.ts';
import type { OutputFormat } from './output-format.ts';
import { unit, type Unit } from './units.ts';

/**
 * What a form adds to a cluster besides the fleet's own objects: what Flux installs there, and how it
 * delivers; or Argo CD's project and applications.
 */
export function deliveryUnits(
  format: OutputFormat,
  graph: AccessGraph,
  clusters: readonly ChartedCluster[],
  files: readonly OutputFile[],
): readonly Unit[] {
  switch (format) {
    case 'manifests':
    case 'helm':
    case 'kustomize':
      return [];
    case 'flux':
      return fluxUnits(graph, clusters, files);
    case 'argocd': {
      const own = files.filter(({ path }) => path.startsWith('argocd/'));
      return [unit('argocd', 'delivery by Argo CD', own.map(({ text }) => text).join('---\n'))];
    }
  }
}

function fluxUnits(
  { fleet, delivery }: AccessGraph,
  clusters: readonly ChartedCluster[],
  files: readonly OutputFile[],
): readonly Unit[] {
  const pinned = new Map(
    infrastructureNames.map((name) => [
      name,
      JSON.stringify([infrastructureObjects(name), infrastructureKinds(name)]),
    ]),
  );
  const told = new Map<string, string>();
  for (const { path, text } of files) {
    const name = /^(?:clusters\/|manifests\/(?=[^/]+\/rights\/))([^/]+)\//.exec(path)?.[1];
    if (name !== undefined) told.set(name, `${told.get(name) ?? ''}${text}`);
  }
  return clusters.flatMap(({ access: { cluster }, charts }) => {
    const { name, infrastructure } = cluster;
    const text = told.get(name);
    if (text === undefined) return [];
    return [
      ...installedOf(infrastructure).map((one) =>
        unit(name, `infrastructure ${one}`, pinned.get(one) ?? ''),
      ),
      // What it may do is in the access list; that it comes and goes, here.
      ...ownAccounts({ fleet, delivery, cluster: { name, charts } }).map(({ account }) =>
        unit(name, `account ${fullName(account)}`, ''),
      ),
      unit(name, 'delivery by Flux', text),
    ];
  });
}
