import type { FluxDelivery } from '../fleet/model.ts';
import type { KubeObject } from '../delivery/objects.ts';

export interface KustomizationProps {
  readonly flux: FluxDelivery;
  readonly name: string;
  /** The folder, as it lies in the source. */
  readonly path: string;
  /** Names of Kustomizations that are ready before. */
  readonly dependsOn: readonly string[];
  readonly prune: boolean;
  /** Absent: the controller's own. */
  readonly serviceAccountName?: string | undefined;
  /** @default the fleet's */
  readonly timeout?: string;
}

/**
 * A Kustomization of Flux (kustomize.toolkit.fluxcd.io/v1). It is ready when all that it has applied
 * is: no health check needs to be named. Never `force`: what can't be changed in place is somebody's to
 * look at, and not deleted.
 */
export function kustomization(props: KustomizationProps): KubeObject {
  const { flux, name, path, dependsOn, prune, serviceAccountName, timeout } = props;
  const { kind, name: source, namespace } = flux.source;
  const spec = {
    interval: flux.interval,
    retryInterval: flux.retryInterval,
    timeout: timeout ?? flux.timeout,
    path: `./${path}`,
    prune,
    wait: true,
    force: false,
    sourceRef: { kind, name: source, namespace },
    ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
    ...(dependsOn.length === 0 ? {} : { dependsOn: dependsOn.map((one) => ({ name: one })) }),
  };
  const metadata = { name, namespace };
  const object = {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata,
    spec,
  };
  return object;
}
