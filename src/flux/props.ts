import type { DeliveredCluster, KubeObject } from '../delivery/objects.ts';
import type { Delivery, Infrastructure, InfrastructureName } from '../fleet/model.ts';
import { infrastructureCharts } from './infrastructure-charts.ts';
import { chartOrder, type ChartKind } from './order.ts';

/** Objects that stand in one file. */
export interface FluxFile {
  /** `/` between folders. */
  readonly path: string;
  readonly objects: readonly KubeObject[];
}

export interface FluxProps {
  readonly fleet: string;
  readonly delivery: Delivery;
  readonly cluster: DeliveredCluster<ChartKind>;
  readonly infrastructure: Infrastructure;
  /** Rollcall's own chart of this kind, as it is pushed. Asked where charts are installed. */
  readonly chart: (kind: ChartKind) => { readonly name: string; readonly version: string };
}

/** What Flux installs of it, in the table's order. */
export const installedOf = (infrastructure: Infrastructure): readonly InfrastructureName[] =>
  (Object.keys(infrastructureCharts) as InfrastructureName[]).filter(
    (name) => infrastructure[name] === 'install',
  );

/** A Kustomization's name, by its folder. */
export const infrastructureName = (folder: string): string => `infrastructure-${folder}`;

/** A cluster's charts, in the order in which they are applied. */
export const ordered = ({ charts }: DeliveredCluster<ChartKind>) =>
  chartOrder.flatMap((kind) => charts.filter((chart) => chart.kind === kind));

/** The name of what the accounts and their rights are in. */
export const rightsName = 'rights';
