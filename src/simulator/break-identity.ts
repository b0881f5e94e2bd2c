import { findTarget, hubRoles, mappedRoles } from './breaks/generated-roles.ts';
import {
  changeExternalId,
  changeNamespaces,
  dropAssociations,
  dropPodAnnotation,
  dropProviders,
  dropTagSession,
} from './breaks/identity-links.ts';
import type { Broken } from './breaks.ts';
import type { World } from './load/world.ts';

/** What gives pods their identity, and what lets it through, beside the links that all fleets have. */
export const identityLinks = [
  'pod-annotation',
  'namespace-annotation',
  'namespace-mismatch',
  'association',
  'hub-tag-session',
  'tag-session',
  'external-id',
  'provider',
] as const;

export type IdentityLink = (typeof identityLinks)[number];

/**
 * As `breakLink`, of what only some mechanisms have. `tag-session`, `external-id` and `provider` break
 * one target cluster, the others the hub and so every target. Throws when there is nothing to break.
 */
export function breakIdentity(
  world: World,
  link: IdentityLink,
  cluster?: string,
): Omit<Broken, 'link'> {
  const changes = changesOf(world, link, cluster);
  if (changes.length > 0) return { changes };
  throw new Error(`There is no generated ${link} to break: load a fleet that has it.`);
}

function changesOf(
  world: World,
  link: IdentityLink,
  cluster: string | undefined,
): readonly string[] {
  const targetRoles = () => mappedRoles(world, findTarget(world, cluster));
  switch (link) {
    case 'pod-annotation':
      return dropPodAnnotation(world);
    case 'namespace-annotation':
      return changeNamespaces(world);
    case 'namespace-mismatch':
      return changeNamespaces(world, 'another-role');
    case 'association':
      return dropAssociations(world);
    case 'hub-tag-session':
      return dropTagSession(hubRoles(world));
    case 'tag-session':
      return dropTagSession(targetRoles());
    case 'external-id':
      return changeExternalId(targetRoles());
    case 'provider':
      return dropProviders(world, targetRoles());
  }
}
