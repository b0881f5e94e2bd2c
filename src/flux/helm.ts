import type { FluxDelivery } from '../fleet/model.ts';
import type { KubeObject } from '../delivery/objects.ts';

/** What Helm keeps a chart as in a registry (helm.sh, "Use OCI-based registries"). */
const layerSelector = {
  mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
  operation: 'copy',
} as const;

/** A chart in a registry, at one version. */
export function chartRepository(place: {
  readonly name: string;
  readonly namespace: string;
  readonly interval: string;
  readonly url: string;
  readonly version: string;
}): KubeObject {
  const { name, namespace, interval, url, version } = place;
  const object = {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'OCIRepository',
    metadata: { name, namespace },
    spec: { interval, url, ref: { tag: version }, layerSelector },
  };
  return object;
}

/** A failed upgrade is tried again, and in the end rolled back; a failed first one is taken out. */
export const remediation = {
  install: { crds: 'CreateReplace', remediation: { retries: 3 } },
  upgrade: { crds: 'CreateReplace', remediation: { retries: 3, remediateLastFailure: true } },
} as const;

export interface ReleaseProps {
  readonly flux: FluxDelivery;
  readonly name: string;
  readonly serviceAccountName: string;
  /** HelmReleases that are ready before. */
  readonly dependsOn: readonly { readonly name: string; readonly namespace?: string }[];
}

/** One of Rollcall's own charts, from the OCIRepository of the same name. */
export function chartRelease({
  flux,
  name,
  serviceAccountName,
  dependsOn,
}: ReleaseProps): KubeObject {
  const { namespace } = flux.source;
  const object = {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name, namespace },
    spec: {
      interval: flux.interval,
      timeout: flux.timeout,
      releaseName: name,
      chartRef: { kind: 'OCIRepository', name, namespace },
      serviceAccountName,
      ...remediation,
      driftDetection: { mode: 'enabled' },
      ...(dependsOn.length === 0 ? {} : { dependsOn }),
    },
  };
  return object;
}
