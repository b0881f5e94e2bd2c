import { clusterArn } from '../names/arn.ts';
import type { AccountId, Region } from '../names/arn.ts';
import type { Role } from './aws/iam.ts';
import { dropMappings, revert, unbind } from './breaks/cluster-links.ts';
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
  const hubRoles = findHubRoles(world);
  if (link === 'subject') return done({ link, changes: hubRoles.flatMap(renameSubject) });
  const target = findTarget(world, cluster);
  return done({ link, cluster: target.name, changes: breakTarget(world, link, target, hubRoles) });
}

function breakTarget(
  world: World,
  link: Exclude<BreakableLink, 'subject'>,
  target: WorldCluster,
  hubRoles: readonly Role[],
): readonly string[] {
  const roles = (target.fragment?.mapRoles ?? []).flatMap(({ rolearn }) => {
    const role = world.iam.role(rolearn);
    return role ? [role] : [];
  });
  switch (link) {
    case 'hub-policy': {
      const arns = roles.map(({ arn }) => arn);
      return hubRoles.flatMap((role) => dropResources(role, 'sts:AssumeRole', arns));
    }
    case 'trust':
      return roles.flatMap((role) => dropPrincipals(role, hubRoles));
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

/** The roles that generated ServiceAccounts are annotated with. */
function findHubRoles({ clusters, iam }: World): readonly Role[] {
  const arns = [...clusters.values()].flatMap(({ manifests }) =>
    manifests.flatMap(({ kind, metadata }) => {
      if (kind !== 'ServiceAccount') return [];
      const annotations = metadata.annotations as Readonly<Record<string, string>> | undefined;
      return annotations?.['eks.amazonaws.com/role-arn'] ?? [];
    }),
  );
  return [...new Set(arns)].flatMap((arn) => iam.role(arn) ?? []);
}

function findTarget({ clusters }: World, name: string | undefined): WorldCluster {
  const targets = [...clusters.values()].filter(({ fragment }) => fragment !== undefined);
  const target = name === undefined ? targets.at(-1) : targets.find((one) => one.name === name);
  if (target) return target;
  const known = targets.map((one) => one.name).join(', ');
  throw new Error(`${name ?? 'The fleet'} is no target cluster; there are: ${known || 'none'}.`);
}
