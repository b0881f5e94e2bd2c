import type { Fleet, User, UserRight } from '../../../src/fleet/model.ts';
import { isSame } from './iam-documents.ts';
import type { KubeObject } from './objects.ts';

const rbac = 'rbac.authorization.k8s.io';

/** `rollcall:{fleet}:{user}:{right}`: of people. A restart's has no fourth part. */
export const isPeoples = ({ metadata: { name } }: KubeObject): boolean =>
  typeof name === 'string' && /^rollcall:[^:]+:[^:]+:./.test(name);

/**
 * A right of people that the fleet file doesn't give them there: Kubernetes' own `view`, `edit` or
 * `admin`, or a Role of the same name with the very rules, bound to their own group alone.
 */
export function peopleViolations(
  object: KubeObject,
  cluster: string,
  fleet: Fleet,
): readonly string[] {
  const { kind, metadata, roleRef, subjects, rules } = object;
  const { name, namespace } = metadata;
  const user = fleet.users.find((one) => name.startsWith(`${groupOf(fleet, one)}:`));
  const right = user?.rights.find(
    (one) =>
      name === `${groupOf(fleet, user)}:${one.kind === 'level' ? one.level : one.name}` &&
      (one.namespaces.length === 0
        ? namespace === undefined
        : one.namespaces.some((place) => place === namespace)),
  );
  if (!user || !right || !user.clusters.some((one) => one.name === cluster)) {
    return [`${kind} ${name}: of nobody`];
  }
  const scope = namespace === undefined ? 'ClusterRole' : 'Role';
  const is = (isRight: boolean, violation: string) =>
    isRight ? [] : [`${kind} ${name}: ${violation}`];
  switch (kind) {
    case scope:
      return is(
        right.kind === 'rules' && isSame(rules, rulesOf(right)),
        'not the rules that the fleet file gives',
      );
    case `${scope}Binding`:
      return [
        ...is(
          isSame(roleRef, roleOf(right, scope, name)),
          'not the role that the fleet file gives',
        ),
        ...is(
          isSame(subjects, [{ apiGroup: rbac, kind: 'Group', name: groupOf(fleet, user) }]),
          'not their own group alone',
        ),
      ];
    default:
      return is(false, 'neither a role nor a binding there');
  }
}

const groupOf = ({ name }: Fleet, user: User): string => `rollcall:${name}:${user.name}`;

const roleOf = (right: UserRight, kind: string, name: string) =>
  right.kind === 'level'
    ? { apiGroup: rbac, kind: 'ClusterRole', name: right.level }
    : { apiGroup: rbac, kind, name };

const rulesOf = ({ rules }: Extract<UserRight, { kind: 'rules' }>) =>
  rules.map(({ groups, resources, verbs, names }) => ({
    ...{ apiGroups: groups, resources, verbs },
    ...(names.length > 0 ? { resourceNames: names } : {}),
  }));
