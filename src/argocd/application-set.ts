import { applicationName, inRepository } from '../delivery/names.ts';
import type { KubeObject } from '../delivery/objects.ts';
import { namespacesOf, projectName, type ArgoCdProps } from './project.ts';
import { ignoredDifferences } from './ignored-differences.ts';

/**
 * An Application for each cluster (argoproj.io/v1alpha1 ApplicationSet): the charts of one come one
 * after the other by their objects' sync waves, which several Applications can't.
 */
export function applicationSet(props: ArgoCdProps): KubeObject {
  const { fleet, delivery, git, clusters } = props;
  const name = projectName(fleet);
  const elements = clusters.map((cluster) => ({
    name: applicationName(fleet, cluster.name),
    cluster: cluster.name,
    // Every object names its own: this one alone has to be among the project's.
    namespace: namespacesOf(cluster)[0],
    path: inRepository(delivery.path, `manifests/${cluster.name}`),
  }));
  const object = {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: { name, namespace: delivery.argocd.namespace },
    spec: {
      goTemplate: true,
      goTemplateOptions: ['missingkey=error'],
      generators: [{ list: { elements } }],
      // A set that is deleted takes no Application's objects along.
      syncPolicy: { preserveResourcesOnDeletion: true },
      template: {
        metadata: { name: '{{.name}}' },
        spec: {
          project: name,
          source: { repoURL: git.url, targetRevision: git.branch, path: '{{.path}}' },
          destination: { name: '{{.cluster}}', namespace: '{{.namespace}}' },
          syncPolicy,
          ignoreDifferences: ignoredDifferences,
        },
      },
    },
  };
  return object;
}

/** Namespaces say themselves that they are kept: see src/constructs/keep.ts. */
const syncPolicy = {
  automated: { prune: true, selfHeal: true },
  syncOptions: [
    'ServerSideApply=true',
    'RespectIgnoreDifferences=true',
    // What another Application has already is not fought over.
    'FailOnSharedResource=true',
    'PruneLast=true',
  ],
  retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '3m' } },
} as const;
