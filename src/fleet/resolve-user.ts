import type { PrincipalArn, RoleName } from '../names/arn.ts';
import type { Cluster, User, UserPrincipal, UserRight } from './model.ts';
import { seconds } from './resolve-gates.ts';
import { type ByName, select } from './resolve-names.ts';
import type { UserFile } from './schema-user.ts';

/** A user with its defaults filled in. */
export const resolveUser = (file: UserFile, index: number, clusters: ByName<Cluster>): User => ({
  name: file.name,
  path: ['users', index],
  principal: resolvePrincipal(file),
  username: file.username ?? file.name,
  groups: file.groups ?? [],
  breakGlass: file.breakGlass ?? false,
  clusters: select(file.clusters, clusters),
  rights: (file.rights ?? []).map(resolveRight),
  accessPolicies: (file.accessPolicies ?? []).map(({ policy, namespaces = [] }) => ({
    policy,
    namespaces,
  })),
});

function resolvePrincipal({ arn, role }: UserFile): UserPrincipal {
  if (arn !== undefined) return { kind: 'existing', arn: arn as PrincipalArn };
  if (!role) throw new Error('checkMeaning let a user pass without an arn or a role');
  return {
    kind: 'role',
    role: role.name as RoleName,
    trusted: role.trusted as PrincipalArn[],
    mfa: role.mfa ?? true,
    sessionSeconds: seconds(role.sessionDuration ?? '1h'),
  };
}

type RightFile = NonNullable<UserFile['rights']>[number];

function resolveRight({ level, name, rules, namespaces = [] }: RightFile): UserRight {
  if (level !== undefined) return { kind: 'level', level, namespaces };
  if (name === undefined || !rules) throw new Error('checkMeaning let a right pass without a name');
  return {
    kind: 'rules',
    name,
    rules: rules.map(({ groups, resources, verbs, names = [] }) => ({
      groups,
      resources,
      verbs,
      names,
    })),
    namespaces,
  };
}
