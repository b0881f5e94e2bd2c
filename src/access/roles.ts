import type { FleetPath } from '../fleet/diagnostic.ts';
import type { Cluster, Fleet, Reach, Service } from '../fleet/model.ts';
import {
  clusterArn,
  oidcProviderArn,
  roleArn,
  type AccountId,
  type Partition,
  type RoleArn,
  type RoleName,
} from '../names/arn.ts';
import type { AccessProblem } from './codes.ts';
import type { Permission, RoleNode, Trust } from './graph.ts';
import { subjectOf, webIdentityAudience } from './names.ts';

/** A role while its edges are still being collected. */
interface Draft extends Omit<RoleNode, 'trusts' | 'permissions'> {
  readonly trusts: Map<string, Trust>;
  readonly permissions: Map<string, Permission>;
}

export const hubRoleArn = (service: Service): RoleArn =>
  roleArn(service.cluster.partition, service.cluster.account.id, service.role);

export const targetRoleArn = (reach: Reach, cluster: Cluster): RoleArn =>
  roleArn(cluster.partition, cluster.account.id, reach.role);

/**
 * Two hops a service: its own role in the hub's account, trusted for exactly its ServiceAccount, and
 * a role in each target account, which trusts exactly the first.
 */
export function planRoles(fleet: Fleet, problems: AccessProblem[]): readonly RoleNode[] {
  const hubRoles = new Map<RoleArn, Draft>();
  const targetRoles = new Map<RoleArn, Draft>();
  fleet.services.forEach((service, index) => {
    addHubRole(hubRoles, service, ['services', index], problems);
  });
  fleet.services.forEach((service, serviceIndex) => {
    service.reach.forEach((reach, reachIndex) => {
      const path: FleetPath = ['services', serviceIndex, 'reach', reachIndex];
      for (const cluster of reach.clusters) {
        addHop(hubRoles, targetRoles, service, reach, cluster, path, problems);
      }
    });
  });
  const drafts = [...hubRoles.values(), ...targetRoles.values()];
  problems.push(...caseConflicts(drafts));
  return drafts.map(finish);
}

/** Names are not distinguished by case (IAM API reference, CreateRole, `RoleName`). */
function caseConflicts(drafts: readonly Draft[]): readonly AccessProblem[] {
  const first = new Map<string, Draft>();
  return drafts.flatMap((draft) => {
    const key = draft.arn.toLowerCase();
    const known = first.get(key) ?? draft;
    first.set(key, known);
    if (known === draft) return [];
    return [
      {
        code: 'access/role-case',
        path: draft.path,
        found: `role ${draft.arn}, which differs from role ${known.name} by case alone`,
        expected: 'one spelling: IAM takes both for one role',
        next: `Write ${known.name} in both places, or choose another name.`,
      },
    ];
  });
}

function addHubRole(
  hubRoles: Map<RoleArn, Draft>,
  service: Service,
  path: FleetPath,
  problems: AccessProblem[],
): void {
  const { cluster } = service;
  const arn = hubRoleArn(service);
  if (hubRoles.has(arn)) {
    problems.push({
      code: 'access/role-shared',
      path,
      found: `role ${arn}, which another service has already`,
      expected: 'one role a service, so that neither gets the rights of the other',
      next: 'Set `role` on one of the services, or make `naming.role` tell them apart.',
    });
    return;
  }
  const draft = newDraft(
    arn,
    cluster.account.id,
    cluster.partition,
    service.role,
    'rollcall',
    path,
  );
  const issuer = cluster.oidcIssuer;
  const subject = subjectOf(service.namespace, service.serviceAccount);
  draft.trusts.set(subject, {
    kind: 'web-identity',
    providerArn: oidcProviderArn(cluster.partition, cluster.account.id, issuer),
    issuer,
    audience: webIdentityAudience,
    subject,
  });
  hubRoles.set(arn, draft);
}

function addHop(
  hubRoles: ReadonlyMap<RoleArn, Draft>,
  targetRoles: Map<RoleArn, Draft>,
  service: Service,
  reach: Reach,
  cluster: Cluster,
  path: FleetPath,
  problems: AccessProblem[],
): void {
  const from = hubRoleArn(service);
  const to = targetRoleArn(reach, cluster);
  if (cluster.partition !== service.cluster.partition) {
    problems.push({
      code: 'access/partition-crossed',
      path: [...path, 'clusters'],
      found: `cluster ${cluster.name} in partition ${cluster.partition}, reached from ${service.cluster.name} in ${service.cluster.partition}`,
      expected: 'clusters of one partition: a role of one can never assume a role of another',
      next: 'Reach it by a service in a hub of its own partition.',
    });
    return;
  }
  if (hubRoles.has(to)) {
    problems.push({
      code: 'access/role-collision',
      path,
      found: `target role ${to}, which is a service's own role in the hub's account`,
      expected:
        'a target role of another name, since the first may become the second only if they differ',
      next: 'Set `role` in this reach, for example to the default name with `-target` after it.',
    });
    return;
  }
  const ownership = reach.existing ? 'existing' : 'rollcall';
  const known = targetRoles.get(to);
  if (known && known.ownership !== ownership) {
    problems.push({
      code: 'access/role-ownership',
      path,
      found: `role ${to}, said to be existing in one reach and Rollcall's own in another`,
      expected: 'one owner: a document for a role that exists would erase what is there',
      next: 'Set `existing: true` in both, or give one another `role`.',
    });
    return;
  }
  const draft =
    known ?? newDraft(to, cluster.account.id, cluster.partition, reach.role, ownership, path);
  targetRoles.set(to, draft);
  addTrust(draft, from, reach.externalId, path, problems);
  if (!cluster.connection) {
    const arn = clusterArn(
      cluster.partition,
      cluster.region,
      cluster.account.id,
      cluster.eksCluster,
    );
    draft.permissions.set(arn, { kind: 'describe-cluster', clusterArn: arn });
  }
  hubRoles.get(from)?.permissions.set(to, { kind: 'assume-role', roleArn: to });
}

function addTrust(
  draft: Draft,
  from: RoleArn,
  externalId: string | undefined,
  path: FleetPath,
  problems: AccessProblem[],
): void {
  const known = draft.trusts.get(from);
  if (known?.kind === 'role' && known.externalId !== externalId) {
    problems.push({
      code: 'access/external-id-conflict',
      path,
      found: `two external ids for role ${draft.arn} and one caller`,
      expected: 'one external id a caller and role',
      next: 'Use the same `externalId` in each reach of this role.',
    });
    return;
  }
  draft.trusts.set(from, {
    kind: 'role',
    roleArn: from,
    ...(externalId === undefined ? {} : { externalId }),
  });
}

const newDraft = (
  arn: RoleArn,
  account: AccountId,
  partition: Partition,
  name: RoleName,
  ownership: RoleNode['ownership'],
  path: FleetPath,
): Draft => ({
  arn,
  account,
  partition,
  name,
  ownership,
  path,
  trusts: new Map(),
  permissions: new Map(),
});

const finish = (draft: Draft): RoleNode => ({
  ...draft,
  trusts: [...draft.trusts.values()],
  permissions: [...draft.permissions.values()],
});
