import type { WorkloadKind } from '../../src/plan/restart-plan.ts';
import type { Denial, Needed } from './core/events.ts';
import type { Reviews, Right, Rule, WorkloadQuery } from './ports.ts';

/** Where the API has a kind. */
export const resourceOf: Readonly<
  Record<WorkloadKind, { readonly group: string; readonly resource: string }>
> = {
  Deployment: { group: 'apps', resource: 'deployments' },
  StatefulSet: { group: 'apps', resource: 'statefulsets' },
  DaemonSet: { group: 'apps', resource: 'daemonsets' },
  Rollout: { group: 'argoproj.io', resource: 'rollouts' },
};

export interface RightsOptions {
  /** Pods of `OnDelete` workloads are evicted. */
  readonly evicts: boolean;
}

/**
 * What the plan needs of a cluster and the cluster denies: one SelfSubjectRulesReview a namespace,
 * and, where that does not know all (a webhook authorizer, as for EKS access entries), one
 * SelfSubjectAccessReview for each right that is not in its rules.
 */
export async function deniedRights(
  reviews: Reviews,
  needs: readonly Needed[],
  options: RightsOptions,
  signal: AbortSignal,
): Promise<readonly Denial[]> {
  const namespaces = [...new Set(needs.map(({ query }) => query.namespace))];
  const denials = await Promise.all(
    namespaces.map(async (namespace) => {
      const { rules, incomplete } = await reviews.rules(namespace, signal);
      const wanted = needs
        .filter(({ query }) => query.namespace === namespace)
        .flatMap((need) => wantedOf(need, options));
      const open = wanted.filter(({ right }) => !rules.some((rule) => allows(rule, right)));
      if (!incomplete) return open.map(({ denial }) => denial);
      const answers = await Promise.all(
        open.map(async (one) => ((await reviews.allowed(one.right, signal)) ? [] : [one.denial])),
      );
      return answers.flat();
    }),
  );
  return denials.flat();
}

interface Wanted {
  readonly right: Right;
  readonly denial: Denial;
}

function wantedOf(
  { query, names, anyName, readOnly }: Needed,
  options: RightsOptions,
): readonly Wanted[] {
  const place = resourceOf[query.kind];
  const want = (verb: string, name?: string): Wanted => {
    const right = {
      verb,
      ...place,
      namespace: query.namespace,
      ...(name !== undefined && { name }),
    };
    return { right, denial: denialOf(query, right, name) };
  };
  // A list by `metadata.name` is authorised by that name.
  const look = ['list', 'watch'].map((verb) => want(verb, query.name));
  if (readOnly) return look;
  const named = (anyName ? [undefined, ...names] : names).flatMap((name) =>
    ['get', 'patch'].map((verb) => want(verb, name)),
  );
  const evict = options.evicts && (query.kind === 'StatefulSet' || query.kind === 'DaemonSet');
  return [...look, ...named, ...(evict ? evictions(query) : [])];
}

const evictions = (query: WorkloadQuery): readonly Wanted[] =>
  [
    { verb: 'list', resource: 'pods' },
    { verb: 'create', resource: 'pods/eviction' },
  ].map((one) => {
    const right = { ...one, group: '', namespace: query.namespace };
    return { right, denial: denialOf(query, right) };
  });

function denialOf(query: WorkloadQuery, right: Right, name?: string): Denial {
  const { verb, resource, group, namespace } = right;
  const what = `${resource}${group === '' ? '' : `.${group}`}${name === undefined ? '' : ` ${name}`}`;
  return {
    query,
    // Without the list nothing is seen of any of them.
    ...(name !== undefined && (verb === 'get' || verb === 'patch') && { name }),
    message: `may not ${verb} ${what} in ${namespace}. Compare: the Role and RoleBinding in that namespace with the mapped user.`,
  };
}

/** Whether a rule gives a right (kubernetes, pkg/registry/rbac/validation/rule.go). */
export function allows(rule: Rule, right: Right): boolean {
  const has = (list: readonly string[], value: string): boolean =>
    list.includes('*') || list.includes(value);
  const [, subresource] = right.resource.split('/');
  return (
    has(rule.verbs, right.verb) &&
    has(rule.apiGroups, right.group) &&
    (has(rule.resources, right.resource) ||
      (subresource !== undefined && rule.resources.includes(`*/${subresource}`))) &&
    (rule.resourceNames.length === 0 ||
      (right.name !== undefined && rule.resourceNames.includes(right.name)))
  );
}
