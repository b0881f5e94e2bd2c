import { inRepository } from '../delivery/names.ts';
import { chartKustomizations } from './chart-kustomizations.ts';
import { chartReleases } from './chart-releases.ts';
import { gitRepository } from './git-repository.ts';
import { infrastructureKinds, kindsName } from './infrastructure-kinds.ts';
import { kustomization } from './kustomization.ts';
import { manifests } from './manifests.ts';
import { infrastructureName, installedOf, type FluxFile, type FluxProps } from './props.ts';

/** What Flux is told of one cluster: `clusters/<name>/…`, and what that applies: `manifests/<name>/…`. */
export function clusterTree(props: FluxProps): readonly FluxFile[] {
  const { delivery, cluster, infrastructure } = props;
  const { flux, git } = delivery;
  const installed = installedOf(infrastructure);
  const isHelm = flux.via.kind === 'helm';
  const own = isHelm ? chartReleases(props) : chartKustomizations(props);
  const isRead = installed.length > 0 || (own.length > 0 && !isHelm);
  const source = git && isRead ? [gitRepository(git, flux)] : [];
  return [
    { path: `clusters/${cluster.name}/rollcall.yaml`, objects: [...source, ...own] },
    {
      path: `clusters/${cluster.name}/infrastructure.yaml`,
      objects: installed.flatMap((name) => [
        ...infrastructureKinds(name, flux),
        kustomization({
          flux,
          name: infrastructureName(name),
          path: inRepository(delivery.path, `infrastructure/${name}`),
          dependsOn: [kindsName(name)].filter((one) => one !== undefined),
          prune: flux.prune,
          serviceAccountName: flux.adminServiceAccountName,
          timeout: '15m',
        }),
      ]),
    },
    ...(isHelm ? [] : manifests(props)),
  ].filter(({ objects }) => objects.length > 0);
}
