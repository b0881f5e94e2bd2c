import type { Cluster, Fleet, Reach, Service } from '../../fleet/model.ts';
import { clusterArn, type RoleArn } from '../../names/arn.ts';
import type { AccessProblem } from '../codes.ts';
import type { Trust } from '../graph.ts';
import type { Identities, IdentityWay } from '../identities.ts';
import { askedPermissions } from '../policies.ts';
import { ownRoleArn, targetRoleArn } from '../role-arns.ts';
import type { RoleDraft, RoleDrafts } from './drafts.ts';

/** A role in each account that a service reaches: it lets exactly that service in. */
export function addTargetRoles(
  drafts: RoleDrafts,
  fleet: Fleet,
  identities: Identities,
  problems: AccessProblem[],
): void {
  for (const service of fleet.services) {
    const identity = identities.get(service.id);
    if (!identity) continue;
    for (const reach of service.reach) {
      for (const cluster of reach.clusters) {
        const crossed = partitionCrossed(service, reach, cluster);
        if (crossed) problems.push(crossed);
        else
          for (const way of identity.ways) addHop(drafts, fleet, { service, way, reach, cluster });
      }
    }
  }
}

interface Hop {
  readonly service: Service;
  readonly way: IdentityWay;
  readonly reach: Reach;
  readonly cluster: Cluster;
}

function addHop(drafts: RoleDrafts, fleet: Fleet, { service, way, reach, cluster }: Hop): void {
  const to = targetRoleArn(fleet, reach, cluster);
  const draft = drafts.want({
    arn: to,
    purpose: 'target',
    ownership: reach.existing ? 'existing' : 'rollcall',
    path: reach.path,
  });
  if (!draft) return;
  const { externalId } = reach;
  const trust = way.targetTrust({
    account: cluster.account.id,
    ...(externalId === undefined ? {} : { externalId }),
  });
  drafts.addTrust(draft, trust, reach.path);
  draft.maxSessionSeconds = Math.max(draft.maxSessionSeconds, way.targetSessionSeconds);
  addPermissions(draft, { service, way, reach, cluster });
  if (way.chained) mayHop(drafts.get(ownRoleArn(fleet, service)), to, trust);
}

/** Of two ways one permission, which has the actions of both. */
function mayHop(own: RoleDraft | undefined, roleArn: RoleArn, trust: Trust): void {
  const known = own?.permissions.get(roleArn);
  const other = known?.kind === 'assume-role' ? known : undefined;
  const role = trust.kind === 'role' ? trust : undefined;
  own?.permissions.set(roleArn, {
    kind: 'assume-role',
    roleArn,
    tagSession: other?.tagSession === true || role?.podTags !== undefined,
    setSourceIdentity: other?.setSourceIdentity === true || role?.sourceIdentity !== undefined,
  });
}

function addPermissions(draft: RoleDraft, { service, reach, cluster }: Hop): void {
  const { partition, region, account, eksCluster } = cluster;
  if (!cluster.connection) {
    const arn = clusterArn(partition, region, account.id, eksCluster);
    draft.permissions.set(arn, { kind: 'describe-cluster', clusterArn: arn });
  }
  const place = {
    account: account.id,
    partition,
    region,
    cluster: eksCluster,
    service: service.name,
    env: service.env,
  };
  for (const [key, permission] of askedPermissions(reach.policies, place)) {
    draft.permissions.set(key, permission);
  }
}

const partitionCrossed = (
  service: Service,
  { path }: Reach,
  cluster: Cluster,
): AccessProblem | undefined =>
  cluster.partition === service.partition
    ? undefined
    : {
        code: 'access/partition-crossed',
        path: [...path, 'clusters'],
        found: `cluster ${cluster.name} in partition ${cluster.partition}, reached from ${service.kind === 'pod' ? service.cluster.name : service.account.name} in ${service.partition}`,
        expected: 'clusters of one partition: a role of one can never assume a role of another',
        next: 'Reach it by a service in a hub of its own partition.',
      };
