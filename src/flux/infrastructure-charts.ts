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
}

/** CustomResourceDefinitions that no release of Helm can hold, as a file of a public Git repository. */
export interface PinnedKinds {
  /** `https://…` */
  readonly repository: string;
  readonly tag: string;
  /** `/` between folders. */
  readonly file: string;
}

export interface PinnedInfrastructure {
  readonly namespace: string;
  /** What is there before the charts. */
  readonly kinds?: PinnedKinds;
  readonly charts: readonly PinnedChart[];
}

/**
 * What was newest on 2026-11-21, where each project says it:
 * - cert-manager 1.21.2, chart of the same version: its Go module, and cert-manager.io, "Helm".
 * - Calico 3.33.0, of 2026-10-01: its release's page, and its charts/tigera-operator/README.md. Since
 *   3.32 the operator's chart has no CustomResourceDefinitions. Their own chart,
 *   crd.projectcalico.org.v1, is no release's either: with 3.5 MB of kinds the Secret in which Helm
 *   keeps a release is above the 1 MiB of an object. Its README applies them server-side.
 * - kube-prometheus-stack 88.5.3: the tags of prometheus-community/helm-charts.
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
    kinds: {
      repository: 'https://github.com/projectcalico/calico',
      tag: 'v3.33.0',
      file: 'manifests/v1_crd_projectcalico_org.yaml',
    },
    charts: [
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
        version: '88.5.3',
      },
    ],
  },
};
