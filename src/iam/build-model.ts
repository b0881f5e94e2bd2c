import type { AccessGraph, ClusterAccess, RoleNode } from '../access/graph.ts';
import type { AccountId, Partition } from '../names/arn.ts';
import type { IamProblem } from './codes.ts';
import { roleDocuments, type RoleDocuments } from './documents.ts';
import type { AccountModel, ClusterModel, IamModel, RoleModel } from './model.ts';
import { policyArn } from './policy-names.ts';

export interface ModelResult {
  readonly model: IamModel;
  /** The quotas that it breaks: with any, it is not to be rendered. */
  readonly problems: readonly IamProblem[];
}

/** What the fleet asks of AWS, from its access graph: policies written, and split where they must be. */
export function buildModel(graph: AccessGraph): ModelResult {
  const documents = graph.roles.map((role) => roleDocuments(graph.fleet, role));
  const roles = graph.roles.map((role, order) => roleModel(graph, role, order, documents[order]));
  const providersOf = groupedBy(graph.providers, ({ account }) => account);
  const rolesOf = groupedBy(roles, ({ role }) => role.account);
  const clustersOf = groupedBy(graph.clusters, ({ cluster }) => cluster.account.id);
  const accounts = accountsOf(graph).map(([id, partition]): AccountModel => ({
    id,
    partition,
    providers: providersOf(id),
    roles: rolesOf(id),
    clusters: clustersOf(id)
      .map(clusterModel)
      .filter(({ entries, associations }) => entries.length + associations.length > 0),
  }));
  return {
    model: {
      fleet: graph.fleet,
      settings: graph.iam,
      accounts: accounts.filter(
        ({ providers, roles, clusters }) => providers.length + roles.length + clusters.length > 0,
      ),
    },
    problems: documents.flatMap(({ problems }) => problems),
  };
}

function roleModel(
  { iam }: AccessGraph,
  role: RoleNode,
  order: number,
  { trust, policies = [] }: Partial<RoleDocuments> = {},
): RoleModel {
  const boundary = role.ownership === 'rollcall' ? iam.permissionsBoundary : undefined;
  return {
    role,
    order,
    ...(trust ? { trust } : {}),
    policies,
    ...(boundary === undefined
      ? {}
      : { permissionsBoundary: policyArn(role.partition, role.account, boundary) }),
  };
}

const clusterModel = ({ cluster, entries, associations }: ClusterAccess): ClusterModel => ({
  name: cluster.name,
  eksCluster: cluster.eksCluster,
  region: cluster.region,
  entries,
  associations,
});

/** Each account once, in the order of their ids. */
function accountsOf(graph: AccessGraph): readonly (readonly [AccountId, Partition])[] {
  const accounts = new Map<AccountId, Partition>([
    ...graph.providers.map(({ account, partition }) => [account, partition] as const),
    ...graph.roles.map(({ account, partition }) => [account, partition] as const),
    ...graph.clusters.map(({ cluster }) => [cluster.account.id, cluster.partition] as const),
  ]);
  return [...accounts].sort(([a], [b]) => (a < b ? -1 : 1));
}

function groupedBy<T>(
  all: readonly T[],
  keyOf: (one: T) => AccountId,
): (key: AccountId) => readonly T[] {
  const groups = Map.groupBy(all, keyOf);
  return (key) => groups.get(key) ?? [];
}
