import { inRepository } from '../delivery/names.ts';
import { chartKustomizations } from './chart-kustomizations.ts';
import { chartReleases } from './chart-releases.ts';
import { gitRepository } from './git-repository.ts';
import { kindsFolder } from './infrastructure-kinds.ts';
import { kustomization } from './kustomization.ts';
import { manifests } from './manifests.ts';
import { infrastructureName, installedOf, type FluxFile, type FluxProps } from './props.ts';

/** What Flux is told of one cluster: `clusters/<name>/…`, and what that applies: `manifests/<name>/…`. */
export function clusterTree(props: FluxProps): readonly FluxFile[] {
  const { delivery, cluster } = props;
  const { flux, git } = delivery;
  const installed = installedOf(props.infrastructure);
  const isHelm = flux.via.kind === 'helm';
  const own = isHelm ? chartReleases(props) : chartKustomizations(props);
  const isRead = installed.length > 0 || (own.length > 0 && !isHelm);
  const source = git && isRead ? [gitRepository(git, flux)] : [];
  const infrastructure = (folder: string, ...before: readonly string[]) =>
    kustomization({
      flux,
      name: infrastructureName(folder),
      path: inRepository(delivery.path, `infrastructure/${folder}`),
      dependsOn: before.map(infrastructureName),
      prune: flux.prune,
      serviceAccountName: flux.adminServiceAccountName,
      timeout: '15m',
    });
  return [
    { path: `clusters/${cluster.name}/rollcall.yaml`, objects: [...source, ...own] },
    {
      path: `clusters/${cluster.name}/infrastructure.yaml`,
      objects: installed.flatMap((name) => {
        const kinds = kindsFolder(name);
        return kinds === undefined
          ? [infrastructure(name)]
          : [infrastructure(kinds), infrastructure(name, kinds)];
      }),
    },
    ...(isHelm ? [] : manifests(props)),
  ].filter(({ objects }) => objects.length > 0);
}
