import { sortedOnce } from '../delivery/objects.ts';
import type { KustomizeDelivery } from '../fleet/model.ts';

/** A kustomization.yaml (kustomize.config.k8s.io/v1beta1). */
export interface Kustomization {
  readonly apiVersion: 'kustomize.config.k8s.io/v1beta1';
  readonly kind: 'Kustomization';
  readonly resources: readonly string[];
  /** Folders of Components. */
  readonly components?: readonly string[];
}

const header = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization' } as const;

/** `base/<cluster>`: what is generated, as it is. */
export const base = (files: readonly string[]): Kustomization => ({ ...header, resources: files });

interface LabelledCluster {
  readonly labels: Readonly<Record<string, string>>;
}

/** The user's component for each label of the cluster that the fleet file names, from beside the output folder. */
export const componentsOf = (
  { labels }: LabelledCluster,
  { overlayLabels, components }: KustomizeDelivery,
): readonly string[] =>
  sortedOnce(overlayLabels).flatMap((label) => {
    const value = labels[label];
    return value === undefined || value === '' ? [] : [`${components}/${label}-${value}`];
  });

/**
 * `overlays/<cluster>`, which is applied: the base, and the user's components, which lie beside the
 * output folder, where nothing is ever written.
 */
export function overlay(
  cluster: LabelledCluster & { readonly name: string },
  delivery: KustomizeDelivery,
): Kustomization {
  const own = componentsOf(cluster, delivery).map((path) => `../../../${path}`);
  return {
    ...header,
    resources: [`../../base/${cluster.name}`],
    ...(own.length === 0 ? {} : { components: own }),
  };
}
