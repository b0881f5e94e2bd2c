import { deliveryName } from '../delivery/names.ts';
import type { KubeObject } from '../delivery/objects.ts';
import type { InfrastructureName } from '../fleet/model.ts';
import { chartRelease, chartRepository } from './helm.ts';
import { infrastructureCharts } from './infrastructure-charts.ts';
import { needs } from './order.ts';
import { installedOf, ordered, type FluxProps } from './props.ts';

/** One for each chart, after the releases of what it needs and of the chart before. */
export function chartReleases(props: FluxProps): readonly KubeObject[] {
  const { fleet, delivery, cluster, infrastructure } = props;
  const { flux } = delivery;
  const { via } = flux;
  if (via.kind !== 'helm') return [];
  const installed = installedOf(infrastructure);
  const { interval } = flux;
  const { namespace } = flux.source;
  return ordered(cluster).flatMap(({ kind }, index, all) => {
    const before = all[index - 1];
    const name = deliveryName(fleet, kind);
    const chart = props.chart(kind);
    const url = `${via.registry}/${chart.name}`;
    return [
      chartRepository({ name, namespace, interval, url, version: chart.version }),
      chartRelease({
        flux,
        name,
        serviceAccountName: via.serviceAccountName,
        dependsOn: [
          ...needs[kind].filter((one) => installed.includes(one)).flatMap(releasesOf),
          ...(before ? [{ name: deliveryName(fleet, before.kind) }] : []),
        ],
      }),
    ];
  });
}

const releasesOf = (name: InfrastructureName) => {
  const { namespace, charts } = infrastructureCharts[name];
  return charts.map(({ release }) => ({ name: release, namespace }));
};
