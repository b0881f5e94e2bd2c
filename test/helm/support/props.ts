import { clusterCharts } from '../../../charts/cluster-charts.ts';
import { helmProps } from '../../../charts/format-helm.ts';
import { prepare } from '../../../charts/pipeline.ts';
import type { HelmChartProps } from '../../../src/helm/chart.ts';
import { exampleText, type Example } from '../../charts/support/examples.ts';

/** Examples that together have every kind of chart, and every value. */
const some = ['seed-000', 'seed-002', 'seed-004', 'identities', 'strategy'] as const;

/** What the charts of these examples are made of. */
export const allHelmProps = (): readonly HelmChartProps[] => some.flatMap(helmPropsOf);

function helmPropsOf(name: Example): readonly HelmChartProps[] {
  const prepared = prepare(exampleText(name), name);
  if (prepared.kind === 'invalid') throw new Error(`${name} is invalid`);
  const { graph } = prepared;
  return graph.clusters.flatMap((access) =>
    clusterCharts(graph.fleet, access).map((chart) => helmProps(graph.fleet, access, chart)),
  );
}
