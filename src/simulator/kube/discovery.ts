import type { ResourceType, ReviewType, Subresource } from './resources.ts';
import { apiVersionOf, reviewTypes } from './resources.ts';

/** `Accept` of clients that want all of discovery in two answers (KEP-3352). */
export const aggregatedType =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** One resource as both forms of discovery tell of it. */
interface Told {
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  readonly kind: string;
  /** Of the kind, when it is not that of the list. */
  readonly group?: string;
  readonly version?: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/**
 * What `/api`, `/apis` and the paths below them answer; `undefined` where there is nothing
 * (k8s.io/apiserver pkg/endpoints/discovery).
 */
export function discovery(
  path: string,
  aggregated: boolean,
  served: readonly ResourceType[],
): unknown {
  const groups = groupsOf(served);
  const [root = '', group, version, ...beyond] = path.split('/').filter((part) => part !== '');
  if (beyond.length > 0) return undefined;
  if (root === 'api') {
    if (version !== undefined) return undefined;
    if (group !== undefined) return resourceList(served, '', group);
    if (aggregated) return aggregatedList(served, ['']);
    return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  }
  if (root !== 'apis') return undefined;
  if (group === undefined)
    return aggregated
      ? aggregatedList(served, groups)
      : {
          kind: 'APIGroupList',
          apiVersion: 'v1',
          groups: groups.map((name) => groupBody(served, name)),
        };
  if (!groups.includes(group)) return undefined;
  return version === undefined
    ? { kind: 'APIGroup', apiVersion: 'v1', ...groupBody(served, group) }
    : resourceList(served, group, version);
}

/** Every group but the core one. One version each. */
const groupsOf = (served: readonly ResourceType[]): readonly string[] =>
  [...new Set([...served, ...reviewTypes].map(({ group }) => group))].filter(
    (group) => group !== '',
  );

const versionOf = (served: readonly ResourceType[], group: string): string =>
  [...served, ...reviewTypes].find((one) => one.group === group)?.version ?? 'v1';

function groupBody(types: readonly ResourceType[], name: string): object {
  const version = versionOf(types, name);
  const served = { groupVersion: `${name}/${version}`, version };
  return { name, versions: [served], preferredVersion: served };
}

function resourceList(served: readonly ResourceType[], group: string, version: string): unknown {
  if (versionOf(served, group) !== version) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf({ group, version }),
    resources: toldOf(served, group),
  };
}

function toldOf(served: readonly ResourceType[], group: string): readonly Told[] {
  return [
    ...served
      .filter((type) => type.group === group)
      .flatMap((type) => [objectTold(type), ...type.subresources.map((sub) => subTold(type, sub))]),
    ...reviewTypes.filter((type) => type.group === group).map(reviewTold),
  ];
}

const objectTold = (type: ResourceType): Told => ({
  name: type.plural,
  singularName: type.singular,
  namespaced: type.namespaced,
  kind: type.kind,
  verbs: type.verbs,
  ...(type.shortNames.length > 0 && { shortNames: type.shortNames }),
  ...(type.categories.length > 0 && { categories: type.categories }),
});

const subTold = ({ plural, namespaced, kind }: ResourceType, subresource: Subresource): Told => ({
  name: `${plural}/${subresource}`,
  singularName: '',
  namespaced,
  ...subKinds(kind)[subresource],
  verbs: subresource === 'eviction' ? ['create'] : ['get', 'patch', 'update'],
});

const subKinds = (
  kind: string,
): Readonly<Record<Subresource, Pick<Told, 'group' | 'kind' | 'version'>>> => ({
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction' },
  scale: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
  status: { kind },
});

const reviewTold = ({ plural, kind }: ReviewType): Told => ({
  name: plural,
  singularName: kind.toLowerCase(),
  namespaced: false,
  kind,
  verbs: ['create'],
});

function aggregatedList(served: readonly ResourceType[], names: readonly string[]): unknown {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: names.map((name) => ({
      metadata: { ...(name !== '' && { name }) },
      versions: [
        {
          version: versionOf(served, name),
          freshness: 'Current',
          resources: nested(toldOf(served, name)),
        },
      ],
    })),
  };
}

/** Subresources stand inside of their resource. */
function nested(told: readonly Told[]): readonly unknown[] {
  const isSub = ({ name }: Told): boolean => name.includes('/');
  return told
    .filter((one) => !isSub(one))
    .map((one) => {
      const { name, singularName, namespaced, verbs, shortNames, categories } = one;
      const subs = told.filter((sub) => sub.name.startsWith(`${name}/`));
      return {
        resource: name,
        responseKind: responseKind(one),
        scope: namespaced ? 'Namespaced' : 'Cluster',
        singularResource: singularName,
        verbs,
        ...(shortNames && { shortNames }),
        ...(categories && { categories }),
        ...(subs.length > 0 && {
          subresources: subs.map((sub) => ({
            subresource: sub.name.slice(name.length + 1),
            responseKind: responseKind(sub),
            verbs: sub.verbs,
          })),
        }),
      };
    });
}

const responseKind = ({ group = '', version = '', kind }: Told): unknown => ({
  group,
  version,
  kind,
});
