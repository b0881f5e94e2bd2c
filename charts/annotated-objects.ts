import type { ClusterAccess } from '../src/access/graph.ts';

/** Something that is there and someone else's, with the annotations that it needs and nothing else. */
export interface AnnotatedObject {
  readonly apiVersion: 'v1';
  readonly kind: 'Namespace' | 'ServiceAccount';
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations: Readonly<Record<string, string>>;
  };
}

/** Namespaces and ServiceAccounts of others in a cluster, as far as they need an annotation. */
export const annotatedObjects = ({ namespaces, pods }: ClusterAccess): readonly AnnotatedObject[] =>
  [
    ...namespaces
      .filter(({ ownership }) => ownership === 'existing')
      .map(({ name, annotations }) => ({
        ...{ apiVersion: 'v1' as const, kind: 'Namespace' as const },
        metadata: { name, annotations },
      })),
    ...pods
      .filter(({ serviceAccountOwnership }) => serviceAccountOwnership === 'existing')
      .map(({ serviceAccount: name, namespace, wiring }) => ({
        ...{ apiVersion: 'v1' as const, kind: 'ServiceAccount' as const },
        metadata: { name, namespace, annotations: wiring.serviceAccountAnnotations },
      })),
  ].filter(({ metadata }) => Object.keys(metadata.annotations).length > 0);
