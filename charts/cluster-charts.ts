import { App, type Chart } from 'cdk8s';
import type { AccessGraph, ClusterAccess } from '../src/access/graph.ts';
import { kiamProps, kube2iamProps } from './agent-props.ts';
import { ChecksChart } from './checks.ts';
import { HubChart } from './hub.ts';
import { KiamChart } from './kiam.ts';
import { Kube2iamChart } from './kube2iam.ts';
import { TargetChart } from './target.ts';

/** The part that a chart plays in a cluster. */
export type ChartKind = 'hub' | 'target' | 'kiam' | 'kube2iam';

/** A Kubernetes object as it is applied. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

/** One chart of a cluster, as cdk8s gives it: every form is made from these objects. */
export interface ClusterChart {
  readonly kind: ChartKind;
  /** In the order in which they are applied. */
  readonly objects: readonly Manifest[];
}

/** A cluster, and what it gets. */
export interface ChartedCluster {
  readonly access: ClusterAccess;
  readonly charts: readonly ClusterChart[];
}

/** Every cluster in which something is generated. */
export const chartedClusters = ({ fleet, clusters }: AccessGraph): readonly ChartedCluster[] =>
  clusters.map((access) => ({ access, charts: clusterCharts(fleet, access) }));

/** What a cluster gets. One App a cluster: an App's cost rises faster than the number of its charts. */
export function clusterCharts(fleet: string, access: ClusterAccess): readonly ClusterChart[] {
  const app = new App();
  const props = { fleet, access };
  const charts: ClusterChart[] = [];
  // None where all that a chart's services have is someone else's.
  const add = (kind: ChartKind, chart: Chart): void => {
    const objects = objectsOf(chart);
    if (objects.length > 0) charts.push({ kind, objects });
  };
  if (access.pods.length > 0) add('hub', new HubChart(app, 'hub', props));
  if (access.grants.length > 0 || access.userGrants.length > 0)
    add('target', new TargetChart(app, 'target', props));
  if (access.kiam) {
    add('kiam', new KiamChart(app, 'kiam', kiamProps(fleet, access.cluster, access.kiam)));
  }
  if (access.kube2iam) {
    const agent = kube2iamProps(fleet, access.cluster, access.kube2iam);
    add('kube2iam', new Kube2iamChart(app, 'kube2iam', agent));
  }
  return charts;
}

/** Pods that try an identity by hand; none where no service asks for one. */
export function checkPods(fleet: string, access: ClusterAccess): readonly Manifest[] {
  if (access.pods.every(({ s3Check }) => s3Check === undefined)) return [];
  return objectsOf(new ChecksChart(new App(), 'checks', { fleet, access }));
}

const objectsOf = (chart: Chart): readonly Manifest[] => chart.toJson() as readonly Manifest[];
