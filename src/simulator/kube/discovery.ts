import type { ResourceType, ReviewType, Subresource } from './resources.ts';
import { apiVersionOf, resourceTypes, reviewTypes } from './resources.ts';

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
export function discovery(path: string, aggregated: boolean): unknown {
  const [root = '', group, version, ...beyond] = path.split('/').filter((part) => part !== '');
  if (beyond.length > 0) return undefined;
  if (root === 'api') {
    if (version !== undefined) return undefined;
    if (group !== undefined) return resourceList('', group);
    if (aggregated) return aggregatedList(['']);
    return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  }
  if (root !== 'apis') return undefined;
  if (group === undefined)
    return aggregated
      ? aggregatedList(groups)
      : { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupBody) };
  if (!groups.includes(group)) return undefined;
  return version === undefined
    ? { kind: 'APIGroup', apiVersion: 'v1', ...groupBody(group) }
    : resourceList(group, version);
}

const versioned: readonly { readonly group: string; readonly version: string }[] = [
  ...resourceTypes,
  ...reviewTypes,
];

/** Every group but the core one. One version each. */
const groups: readonly string[] = [...new Set(versioned.map(({ group }) => group))].filter(
  (group) => group !== '',
);

const versionOf = (group: string): string =>
  versioned.find((one) => one.group === group)?.version ?? 'v1';

function groupBody(name: string): object {
  const version = versionOf(name);
  const served = { groupVersion: `${name}/${version}`, version };
  return { name, versions: [served], preferredVersion: served };
}

function resourceList(group: string, version: string): unknown {
  if (versionOf(group) !== version) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf({ group, version }),
    resources: toldOf(group),
  };
}

function toldOf(group: string): readonly Told[] {
  return [
    ...resourceTypes
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
  ...(subresource === 'scale' ? { group: 'autoscaling', version: 'v1', kind: 'Scale' } : { kind }),
  verbs: ['get', 'patch', 'update'],
});

const reviewTold = ({ plural, kind }: ReviewType): Told => ({
  name: plural,
  singularName: kind.toLowerCase(),
  namespaced: false,
  kind,
  verbs: ['create'],
});

function aggregatedList(names: readonly string[]): unknown {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: names.map((name) => ({
      metadata: { ...(name !== '' && { name }) },
      versions: [
        { version: versionOf(name), freshness: 'Current', resources: nested(toldOf(name)) },
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
