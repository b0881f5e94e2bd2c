import type { Cluster, Fleet, User } from '../fleet/model.ts';
import type { UserGrant } from './graph.ts';

/** The group that a user's rights are bound to: no other entry gives it. */
export const groupOf = (fleet: string, { name }: Pick<User, 'name'>): string =>
  `rollcall:${fleet}:${name}`;

/** What people may do in a cluster by Kubernetes' own rights. */
export const planUserGrants = (fleet: Fleet, cluster: Cluster): readonly UserGrant[] =>
  fleet.users
    .filter(({ clusters, rights }) => clusters.includes(cluster) && rights.length > 0)
    .map((user) => ({ user: user.name, group: groupOf(fleet.name, user), rights: user.rights }));
