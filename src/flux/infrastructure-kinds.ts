import { posix } from 'node:path';
import type { KubeObject } from '../delivery/objects.ts';
import type { FluxDelivery, InfrastructureName } from '../fleet/model.ts';
import { infrastructureCharts, type PinnedKinds } from './infrastructure-charts.ts';
import { kustomization } from './kustomization.ts';
import { infrastructureName } from './props.ts';

/** Of the Kustomization that applies the kinds of an infrastructure; undefined: its charts bring them. */
export const kindsName = (name: InfrastructureName): string | undefined =>
  infrastructureCharts[name].kinds && `${infrastructureName(name)}-crds`;

/**
 * What applies the kinds that an infrastructure's charts need and do not bring. It never prunes: with
 * a kind all objects of it would go.
 */
export function infrastructureKinds(
  name: InfrastructureName,
  flux: FluxDelivery,
): readonly KubeObject[] {
  const { kinds } = infrastructureCharts[name];
  const own = kindsName(name);
  if (!kinds || own === undefined) return [];
  const { namespace } = flux.source;
  return [
    source(own, namespace, kinds),
    kustomization({
      flux: { ...flux, source: { kind: 'GitRepository', name: own, namespace } },
      name: own,
      path: posix.dirname(kinds.file),
      dependsOn: [],
      prune: false,
      serviceAccountName: flux.adminServiceAccountName,
      timeout: '15m',
    }),
  ];
}

/** The file alone, of a repository that is big. */
function source(name: string, namespace: string, { repository, tag, file }: PinnedKinds) {
  const folder = posix.dirname(file);
  const object = {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name, namespace },
    spec: {
      // A tag does not move: asked rarely.
      interval: '24h',
      timeout: '10m',
      url: repository,
      ref: { tag },
      sparseCheckout: [folder],
      // As .gitignore: a file can't be taken in again below a folder that is left out.
      ignore: `/*\n!/${folder}\n/${folder}/*\n!/${file}\n`,
    },
  };
  return object;
}
