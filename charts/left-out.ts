import type { AccessGraph } from '../src/access/graph.ts';
import { sortedOnce } from '../src/delivery/objects.ts';
import { installedOf } from '../src/flux/props.ts';
import { componentsOf } from '../src/kustomize/folders.ts';
import type { OutputFormat } from './output-format.ts';

/** What the fleet file speaks of, and a form leaves to others. Each once, sorted. */
export interface LeftOut {
  /** Infrastructure that clusters say is to be installed: Flux alone is told to. */
  readonly infrastructure: readonly string[];
  /** Folders of components that overlays take in, seen from beside the output folder. */
  readonly components: readonly string[];
}

export const leftOut = (form: OutputFormat, { clusters, delivery }: AccessGraph): LeftOut => ({
  infrastructure:
    form === 'flux'
      ? []
      : sortedOnce(clusters.flatMap(({ cluster }) => installedOf(cluster.infrastructure))),
  components:
    form === 'kustomize'
      ? sortedOnce(clusters.flatMap(({ cluster }) => componentsOf(cluster, delivery.kustomize)))
      : [],
});
