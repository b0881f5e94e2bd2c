import type { RealCluster } from '../cluster/cluster.ts';

/** Who asks. A ServiceAccount's groups follow from its name. */
export interface Subject {
  readonly username: string;
  readonly groups: readonly string[];
}

export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

interface RbacObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string | undefined };
  readonly rules?: readonly Rule[];
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly {
    readonly kind: string;
    readonly name: string;
    readonly namespace?: string;
  }[];
}

/** What Roles grant to whom, one verb on one name a line: `get deployments.apps sts/web`; by user. */
export function permissionsOf(
  manifests: readonly RbacObject[],
): ReadonlyMap<string, readonly string[]> {
  const granted = new Map<string, readonly string[]>();
  for (const { kind, metadata, roleRef, subjects = [] } of manifests) {
    if (kind !== 'RoleBinding') continue;
    const { namespace = '' } = metadata;
    const role = manifests.find(
      (one) =>
        one.kind === roleRef?.kind &&
        one.metadata.name === roleRef.name &&
        one.metadata.namespace === namespace,
    );
    const lines = (role?.rules ?? []).flatMap((rule) => linesOf(rule, namespace));
    for (const subject of subjects) {
      const user =
        subject.kind === 'ServiceAccount'
          ? `system:serviceaccount:${subject.namespace}:${subject.name}`
          : subject.name;
      granted.set(user, [...(granted.get(user) ?? []), ...lines].sort());
    }
  }
  return granted;
}

/** As kubectl writes it: `deployments.apps/scale`. */
export function inGroup(resource: string, group: string): string {
  const [plural = '', ...subresource] = resource.split('/');
  return [group === '' ? plural : `${plural}.${group}`, ...subresource].join('/');
}

/** One verb on one name a line. */
export function linesOf(
  { apiGroups, resources, verbs, resourceNames }: Rule,
  namespace: string,
): readonly string[] {
  const things = apiGroups.flatMap((group) =>
    resources.map((resource) => inGroup(resource, group)),
  );
  return verbs.flatMap((verb) =>
    things.flatMap((thing) =>
      resourceNames === undefined
        ? [`${verb} ${thing} ${namespace}`]
        : resourceNames.map((name) => `${verb} ${thing} ${namespace}/${name}`),
    ),
  );
}

/**
 * What the API server lets the subject do in a namespace, and another of its like not: one verb on
 * one name a line. What is granted in the whole cluster is granted in each namespace.
 */
export async function allowedBeyond(
  cluster: RealCluster,
  namespace: string,
  { username, groups }: Subject,
  other: string,
): Promise<readonly string[]> {
  const common = new Set(await allowed(cluster, namespace, { username: other, groups: [] }));
  const own = await allowed(cluster, namespace, { username, groups });
  return own.filter((line) => !common.has(line)).sort();
}

/** `auth can-i --list` as that subject. */
async function allowed(
  cluster: RealCluster,
  namespace: string,
  { username, groups }: Subject,
): Promise<readonly string[]> {
  const asGroups = username.startsWith('system:serviceaccount:')
    ? []
    : [...groups, 'system:authenticated'].map((group) => `--as-group=${group}`);
  return listed(
    await cluster.mustKubectl([...listIn(namespace), `--as=${username}`, ...asGroups]),
    namespace,
  );
}

/** kubectl's arguments that list what may be done in a namespace. */
export const listIn = (namespace: string): readonly string[] => [
  ...['auth', 'can-i', '--list', '--no-headers', `--namespace=${namespace}`],
];

/** The lines of its table. */
export const listed = (table: string, namespace: string): readonly string[] =>
  table.split('\n').flatMap((row) => toLines(row, namespace));

/** A row of its table: resource, URLs, names, verbs. */
function toLines(row: string, namespace: string): readonly string[] {
  if (row.trim() === '') return [];
  const cells = /^(\S*)\s+\[(.*?)\]\s+\[(.*?)\]\s+\[(.*?)\]\s*$/.exec(row);
  if (!cells) throw new Error(`not a row of auth can-i --list: ${row}`);
  const [, resource, ...lists] = cells;
  const [urls = [], names = [], verbs = []] = lists.map((list) => list.match(/\S+/g) ?? []);
  if (resource === '') return urls.flatMap((url) => verbs.map((verb) => `${verb} ${url}`));
  return verbs.flatMap((verb) =>
    names.length === 0
      ? [`${verb} ${resource} ${namespace}`]
      : names.map((name) => `${verb} ${resource} ${namespace}/${name}`),
  );
}
