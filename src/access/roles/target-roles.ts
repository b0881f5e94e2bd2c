import type { Cluster, Fleet, Reach, Service } from '../../fleet/model.ts';
import { clusterArn } from '../../names/arn.ts';
import type { AccessProblem } from '../codes.ts';
import type { Identities, ServiceIdentity } from '../identities.ts';
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
        else addHop(drafts, fleet, { service, identity, reach, cluster });
      }
    }
  }
}

interface Hop {
  readonly service: Service;
  readonly identity: ServiceIdentity;
  readonly reach: Reach;
  readonly cluster: Cluster;
}

function addHop(
  drafts: RoleDrafts,
  fleet: Fleet,
  { service, identity, reach, cluster }: Hop,
): void {
  const to = targetRoleArn(fleet, reach, cluster);
  const draft = drafts.want({
    arn: to,
    purpose: 'target',
    ownership: reach.existing ? 'existing' : 'rollcall',
    path: reach.path,
  });
  if (!draft) return;
  const { externalId } = reach;
  const trust = identity.targetTrust({
    account: cluster.account.id,
    ...(externalId === undefined ? {} : { externalId }),
  });
  drafts.addTrust(draft, trust, reach.path);
  draft.maxSessionSeconds = Math.max(draft.maxSessionSeconds, identity.targetSessionSeconds);
  addPermissions(draft, { service, identity, reach, cluster });
  if (!identity.chained) return;
  drafts.get(ownRoleArn(fleet, service))?.permissions.set(to, {
    kind: 'assume-role',
    roleArn: to,
    tagSession: trust.kind === 'role' && trust.podTags !== undefined,
    setSourceIdentity: trust.kind === 'role' && trust.sourceIdentity !== undefined,
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
