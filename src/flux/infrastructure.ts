import { keepAnnotations } from '../constructs/keep.ts';
import type { KubeObject } from '../delivery/objects.ts';
import type { InfrastructureName } from '../fleet/model.ts';
import { chartRepository, remediation } from './helm.ts';
import { infrastructureCharts, type PinnedChart } from './infrastructure-charts.ts';

/** Its charts come from outside: nobody's change there is urgent. */
const interval = '1h';
const timeout = '10m';

/**
 * What installs a piece of infrastructure, in the order in which it is read. All of it is kept when it
 * leaves the output: Flux would delete the HelmRelease, and helm-controller would then uninstall the
 * chart. Without Calico nobody enforces a NetworkPolicy.
 */
export function infrastructureObjects(name: InfrastructureName): readonly KubeObject[] {
  const { namespace, charts } = infrastructureCharts[name];
  const sources = new Map(
    charts.map((chart) => {
      const source = sourceOf(chart, namespace);
      return [`${source.kind}/${source.metadata.name}`, source];
    }),
  );
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    ...sources.values(),
    ...charts.map((chart) => release(chart, namespace)),
  ].map(kept);
}

const kept = (object: KubeObject): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, annotations: keepAnnotations },
});

/** A chart of a registry has a source of its own, charts of a repository of Helm have one together. */
function sourceOf(
  { release: name, chart, repository, version }: PinnedChart,
  namespace: string,
): KubeObject {
  if (repository.startsWith('oci://')) {
    return chartRepository({ name, namespace, interval, url: `${repository}/${chart}`, version });
  }
  const object = {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'HelmRepository',
    metadata: { name: namespace, namespace },
    spec: { interval, url: repository },
  };
  return object;
}

function release(one: PinnedChart, namespace: string): KubeObject {
  const isOci = one.repository.startsWith('oci://');
  const sourceRef = { kind: 'HelmRepository', name: namespace, namespace };
  const chart = { spec: { chart: one.chart, version: one.version, sourceRef } };
  const object = {
    apiVersion: 'helm.toolkit.fluxcd.io/v2',
    kind: 'HelmRelease',
    metadata: { name: one.release, namespace },
    spec: {
      interval,
      timeout,
      releaseName: one.release,
      ...(isOci
        ? { chartRef: { kind: 'OCIRepository', name: one.release, namespace } }
        : { chart }),
      ...remediation,
      ...(one.values ? { values: one.values } : {}),
    },
  };
  return object;
}
