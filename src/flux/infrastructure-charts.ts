import type { InfrastructureName } from '../fleet/model.ts';

/** A chart of someone else's, pinned. */
export interface PinnedChart {
  /** Of its HelmRelease. */
  readonly release: string;
  readonly chart: string;
  /** `oci://…`, without the chart's name; or a repository of Helm, `https://…`. */
  readonly repository: string;
  readonly version: string;
  readonly values?: object;
  /** Releases of the same infrastructure that are ready before. */
  readonly after?: readonly string[];
}

export interface PinnedInfrastructure {
  readonly namespace: string;
  readonly charts: readonly PinnedChart[];
}

/**
 * What was newest on 2026-11-21, where each project says it:
 * - cert-manager 1.21.2, chart of the same version: its Go module, and cert-manager.io, "Helm".
 * - Calico 3.33.0, of 2026-10-01: its release's page, and its charts/tigera-operator/README.md. Since
 *   3.32 the operator's chart has no CustomResourceDefinitions: they are a chart of their own.
 * - kube-prometheus-stack 88.5.0: the releases of prometheus-community/helm-charts.
 */
export const infrastructureCharts: Readonly<Record<InfrastructureName, PinnedInfrastructure>> = {
  'cert-manager': {
    namespace: 'cert-manager',
    charts: [
      {
        release: 'cert-manager',
        chart: 'cert-manager',
        repository: 'oci://quay.io/jetstack/charts',
        version: 'v1.21.2',
        // They are templates of the chart, and stay when it goes.
        values: { crds: { enabled: true, keep: true } },
      },
    ],
  },
  calico: {
    namespace: 'tigera-operator',
    charts: [
      {
        release: 'calico-crds',
        chart: 'crd.projectcalico.org.v1',
        repository: 'https://docs.tigera.io/calico/charts',
        version: 'v3.33.0',
      },
      {
        release: 'calico',
        chart: 'tigera-operator',
        repository: 'https://docs.tigera.io/calico/charts',
        version: 'v3.33.0',
        // Policies alone: the network stays the Amazon VPC CNI's (Calico, "Amazon EKS").
        values: {
          installation: {
            kubernetesProvider: 'EKS',
            cni: { type: 'AmazonVPC' },
            calicoNetwork: { bgp: 'Disabled' },
          },
        },
        after: ['calico-crds'],
      },
    ],
  },
  'kube-prometheus-stack': {
    namespace: 'monitoring',
    charts: [
      {
        release: 'kube-prometheus-stack',
        chart: 'kube-prometheus-stack',
        repository: 'oci://ghcr.io/prometheus-community/charts',
        version: '88.5.0',
      },
    ],
  },
};
