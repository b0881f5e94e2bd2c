import { clusterCharts } from '../../charts/cluster-charts.ts';
import { planAccess } from '../../src/access/plan-access.ts';
import type { AccessGraph } from '../../src/access/graph.ts';
import { infrastructureNames } from '../../src/fleet/model.ts';
import { loadFleet } from '../../src/fleet/load.ts';
import { examples, exampleText, type Example } from '../charts/support/examples.ts';

/** The graph of a fleet file. */
export function graphOf(text: string): AccessGraph {
  const loaded = loadFleet(text, 'fleet.yaml');
  if (loaded.kind === 'invalid') throw new Error(JSON.stringify(loaded.diagnostics));
  const planned = planAccess(loaded.fleet);
  if (planned.kind === 'invalid') throw new Error(JSON.stringify(planned.problems));
  return planned.graph;
}

/** An example, with something said under `delivery`. */
export const delivered = (name: Example, delivery: object): AccessGraph =>
  graphOf(`${exampleText(name)}\ndelivery: ${JSON.stringify(delivery)}\n`);

/** Every cluster installs every piece of infrastructure. */
export const withInfrastructure = (graph: AccessGraph): AccessGraph => ({
  ...graph,
  clusters: graph.clusters.map((access) => ({
    ...access,
    cluster: {
      ...access.cluster,
      infrastructure: Object.fromEntries(
        infrastructureNames.map((name) => [name, 'install' as const]),
      ),
    },
  })),
});

/** Every chart of every cluster of every example, with a title. */
export const allCharts = examples.flatMap((name) => {
  const { fleet, clusters } = graphOf(exampleText(name));
  return clusters.flatMap((access) =>
    clusterCharts(fleet, access).map(({ kind, objects }) => ({
      title: `${name}/${access.cluster.name}/${kind}`,
      fleet,
      kind,
      objects,
    })),
  );
});
