import type { KubeObject } from './objects.ts';
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from './resources.ts';
import type { ResourceType } from './resources.ts';
import type { Store } from './store.ts';
import type { BindingObject, PolicyRule, RoleObject, Subject } from './schemas.ts';

export interface KubeUser {
  readonly username: string;
  readonly groups: readonly string[];
}

/** One thing that a user wants to do. */
export type AccessRequest = ResourceAccess | PathAccess;

export interface ResourceAccess {
  readonly kind: 'resource';
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  /** Absent: all namespaces, or a resource that has none. */
  readonly namespace?: string;
  /** Absent: no object in particular, which a rule with `resourceNames` never allows. */
  readonly name?: string;
}

export interface PathAccess {
  readonly kind: 'path';
  readonly verb: string;
  readonly path: string;
}

export interface Decision {
  readonly allowed: boolean;
  /** When allowed, by which binding; when not, what could not be resolved, or nothing. */
  readonly reason: string;
}

/** Evaluates Roles and bindings as they stand (plugin/pkg/auth/authorizer/rbac/rbac.go). */
export class RbacAuthorizer {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  authorize(user: KubeUser, request: AccessRequest): Decision {
    const namespace = request.kind === 'resource' ? request.namespace : undefined;
    const errors: string[] = [];
    for (const { by, rules, error } of this.#grants(user, namespace)) {
      if (error !== undefined) errors.push(error);
      if (rules.some((rule) => allows(rule, request)))
        return { allowed: true, reason: `RBAC: allowed by ${by}` };
    }
    return { allowed: false, reason: errors.length === 0 ? '' : `RBAC: ${aggregate(errors)}` };
  }

  /** Every rule that holds for the user in the namespace, and what could not be resolved. */
  rulesFor(
    user: KubeUser,
    namespace: string,
  ): { readonly rules: readonly PolicyRule[]; readonly errors: readonly string[] } {
    const grants = [...this.#grants(user, namespace)];
    return {
      rules: grants.flatMap(({ rules }) => rules),
      errors: grants.flatMap(({ error }) => (error === undefined ? [] : [error])),
    };
  }

  *#grants(user: KubeUser, namespace: string | undefined): Generator<Grant> {
    yield* this.#bound(clusterRoleBindings, user, undefined);
    if (namespace !== undefined) yield* this.#bound(roleBindings, user, namespace);
  }

  *#bound(type: ResourceType, user: KubeUser, namespace: string | undefined): Generator<Grant> {
    for (const object of this.#store.list(type, namespace)) {
      // The store has validated it on the way in.
      const { roleRef, subjects } = object as KubeObject & BindingObject;
      const subject = subjects?.find((candidate) => applies(candidate, user, namespace));
      if (!subject) continue;
      const name = object.metadata.name + (namespace === undefined ? '' : `/${namespace}`);
      const by = `${type.kind} "${name}" of ${roleRef.kind} "${roleRef.name}" to ${describe(subject, namespace)}`;
      const role =
        roleRef.kind === 'Role'
          ? this.#store.get(roles, namespace, roleRef.name)
          : this.#store.get(clusterRoles, undefined, roleRef.name);
      if (role) yield { by, rules: (role as KubeObject & RoleObject).rules ?? [] };
      else
        yield {
          by,
          rules: [],
          error: `${roleRef.kind.toLowerCase()}.rbac.authorization.k8s.io "${roleRef.name}" not found`,
        };
    }
  }
}

interface Grant {
  readonly by: string;
  readonly rules: readonly PolicyRule[];
  readonly error?: string;
}

function applies(subject: Subject, user: KubeUser, namespace: string | undefined): boolean {
  switch (subject.kind) {
    case 'User':
      return subject.name === user.username;
    case 'Group':
      return user.groups.includes(subject.name);
    case 'ServiceAccount': {
      const home = subject.namespace ?? namespace;
      return (
        home !== undefined && user.username === `system:serviceaccount:${home}:${subject.name}`
      );
    }
  }
}

const describe = (subject: Subject, namespace: string | undefined): string =>
  subject.kind === 'ServiceAccount'
    ? `ServiceAccount "${subject.name}/${subject.namespace ?? namespace ?? ''}"`
    : `${subject.kind} "${subject.name}"`;

const has = (list: readonly string[] | undefined, wanted: string): boolean =>
  list !== undefined && (list.includes('*') || list.includes(wanted));

/** pkg/apis/rbac/v1/evaluation_helpers.go */
function allows(rule: PolicyRule, request: AccessRequest): boolean {
  if (!has(rule.verbs, request.verb)) return false;
  if (request.kind === 'path')
    return (rule.nonResourceURLs ?? []).some((url) =>
      url.endsWith('*') ? request.path.startsWith(url.slice(0, -1)) : url === request.path,
    );
  const { group, resource, subresource, name } = request;
  const combined = subresource === undefined ? resource : `${resource}/${subresource}`;
  const resources = rule.resources ?? [];
  const names = rule.resourceNames ?? [];
  return (
    has(rule.apiGroups, group) &&
    (has(resources, combined) ||
      (subresource !== undefined && resources.includes(`*/${subresource}`))) &&
    (names.length === 0 || (name !== undefined && names.includes(name)))
  );
}

/** As Go's `errors.NewAggregate` prints: one bare, several in brackets. */
const aggregate = (errors: readonly string[]): string => {
  const distinct = [...new Set(errors)];
  return distinct.length === 1 ? distinct.join() : `[${distinct.join(', ')}]`;
};

/** The API server's sentence for a refusal (endpoints/handlers/responsewriters/errors.go). */
export function refusal(user: KubeUser, request: AccessRequest, reason: string): string {
  const because = reason === '' ? '' : `: ${reason}`;
  const who = `User "${user.username}" cannot ${request.verb}`;
  if (request.kind === 'path') return `${who} path "${request.path}"${because}`;
  const { group, resource, subresource, namespace } = request;
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where =
    namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return `${who} resource "${what}" in API group "${group}" ${where}${because}`;
}
