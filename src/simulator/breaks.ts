import { clusterArn } from '../names/arn.ts';
import type { AccountId, Region } from '../names/arn.ts';
import type { Role } from './aws/iam.ts';
import { dropMappings, revert, unbind } from './breaks/cluster-links.ts';
import { findTarget, hubRoles, mappedRoles } from './breaks/generated-roles.ts';
import { dropPrincipals, dropResources, renameSubject } from './breaks/iam-links.ts';
import type { BreakableLink } from './break-links.ts';
import type { World, WorldCluster } from './load/world.ts';

export { breakableLinks, type BreakableLink } from './break-links.ts';

/** What was taken out of the world, for a person to read. */
export interface Broken {
  readonly link: BreakableLink;
  /** The one target cluster that it breaks; absent for `subject`, which all targets share. */
  readonly cluster?: string;
  /** One line each. */
  readonly changes: readonly string[];
}

/**
 * Takes exactly one generated link out of a loaded world, as a slip of the hand would.
 * `subject` is the hub's and breaks every target; the others break one target cluster. Default of
 * `cluster`: the last target by name. (What two clusters share, such as one role of their account,
 * breaks for both.) Throws when there is nothing generated to break.
 */
export function breakLink(world: World, link: BreakableLink, cluster?: string): Broken {
  const hubs = hubRoles(world);
  if (link === 'subject') return done({ link, changes: hubs.flatMap(renameSubject) });
  const target = findTarget(world, cluster);
  return done({ link, cluster: target.name, changes: breakTarget(world, link, target, hubs) });
}

function breakTarget(
  world: World,
  link: Exclude<BreakableLink, 'subject'>,
  target: WorldCluster,
  hubs: readonly Role[],
): readonly string[] {
  const roles = mappedRoles(world, target);
  switch (link) {
    case 'hub-policy': {
      const arns = roles.map(({ arn }) => arn);
      return hubs.flatMap((role) => dropResources(role, 'sts:AssumeRole', arns));
    }
    case 'trust':
      return roles.flatMap((role) => dropPrincipals(role, hubs));
    case 'describe': {
      const { partition, region, account, eksCluster } = target;
      const arn = clusterArn(partition, region as Region, account as AccountId, eksCluster);
      return roles.flatMap((role) => dropResources(role, 'eks:DescribeCluster', [arn]));
    }
    case 'mapping':
      return dropMappings(target);
    case 'rbac':
      return unbind(target);
    case 'gitops-revert':
      return revert(world, target);
  }
}

function done(broken: Broken): Broken {
  if (broken.changes.length > 0) return broken;
  const where = broken.cluster === undefined ? '' : ` for the cluster ${broken.cluster}`;
  throw new Error(
    `There is no generated ${broken.link}${where} to break: load a fleet that has it.`,
  );
}
