/** What the simulated API server knows of a kind: names, verbs and categories as discovery gives them. */
export interface ResourceType {
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /**
   * What raises `metadata.generation`. Deployments: the spec *and the object's annotations*, which
   * are copied to ReplicaSets (pkg/registry/apps/deployment/strategy.go, PrepareForUpdate).
   */
  readonly generation: 'none' | 'spec' | 'spec-and-annotations';
  /** Served over HTTP. */
  readonly verbs: readonly ObjectVerb[];
  readonly subresources: readonly Subresource[];
  /** What a field selector may name beside `metadata.name` and `metadata.namespace`. */
  readonly selectableFields: readonly string[];
  /** Served by a CustomResourceDefinition: no strategic merge, no defaults. Default: false. */
  readonly custom: boolean;
}

export type ObjectVerb = (typeof allVerbs)[number];
export type Subresource = 'eviction' | 'scale' | 'status';

export const allVerbs = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
] as const;
export const readOnly: readonly ObjectVerb[] = ['get', 'list', 'watch'];

export const resource = (
  apiVersion: string,
  kind: string,
  plural: string,
  extra: Partial<ResourceType> = {},
): ResourceType => {
  const [first = '', second] = apiVersion.split('/');
  const [group, version] = second === undefined ? ['', first] : [first, second];
  return {
    kind,
    group,
    version,
    plural,
    singular: kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    generation: 'none',
    verbs: allVerbs,
    subresources: [],
    selectableFields: [],
    custom: false,
    ...extra,
  };
};

export const apiVersionOf = ({
  group,
  version,
}: {
  readonly group: string;
  readonly version: string;
}): string => (group === '' ? version : `${group}/${version}`);
