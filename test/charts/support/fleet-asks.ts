import type { Cluster, Fleet, Service, ServicePolicy } from '../../../src/fleet/model.ts';

/** A role of one account, by its name. */
export interface RolePlace {
  readonly account: string;
  readonly role: string;
}

/** A role that more services reach than it can trust is several: `role`, `role-2`, … */
export const isOfFamily = (role: string, asked: string): boolean =>
  role === asked ||
  (role.startsWith(`${asked}-`) && /^[1-9]\d*$/.test(role.slice(asked.length + 1)));

/** What the fleet file asks for with `policies:`, a role at a time. */
export interface AskedRights extends RolePlace {
  readonly rights: readonly string[];
}

/** A right as one text: an action, a resource, and the conditions on both. */
export const rightOf = (action: string, resource: string, conditions: object): string =>
  `${action} ${resource} ${JSON.stringify(conditions)}`;

/** What every `policies:` of a fleet file says, its placeholders filled in. */
export const askedRights = ({ services }: Fleet): readonly AskedRights[] =>
  services.flatMap((service) => [
    {
      account: service.account.id,
      role: service.role,
      rights: rightsOf(service.policies, ownPlace(service)),
    },
    ...service.reach.flatMap(({ role, policies, clusters }) =>
      clusters.map((cluster) => ({
        account: cluster.account.id,
        role,
        rights: rightsOf(policies, { ...clusterPlace(cluster), ...names(service) }),
      })),
    ),
  ]);

/** kube2iam's nodes ask for the regions (jtblin/kube2iam, iam/iam.go), whatever the fleet file says. */
export const nodeRights = ({ clusters }: Fleet, { account, role }: RolePlace): readonly string[] =>
  clusters
    .filter((cluster) => cluster.account.id === account)
    .flatMap(({ kube2iam }) => kube2iam?.nodeRoleArns ?? [])
    .filter((arn) => arn.endsWith(`/${role}`))
    .map(() => rightOf('ec2:DescribeRegions', '*', {}));

type Place = Readonly<Record<string, string>>;

const names = ({ name, env }: Service): Place => ({ service: name, env });
const clusterPlace = ({ account, partition, region, eksCluster }: Cluster): Place => ({
  ...{ account: account.id, partition, region },
  cluster: eksCluster,
});
const ownPlace = (service: Service): Place => ({
  ...(service.kind === 'pod' ? clusterPlace(service.cluster) : {}),
  ...{ account: service.account.id, partition: service.partition },
  ...names(service),
});

function rightsOf(policies: readonly ServicePolicy[], place: Place): readonly string[] {
  const fill = (text: string): string =>
    Object.entries(place).reduce(
      (filled, [key, value]) =>
        filled.replace(new RegExp(`(?<!\\$)\\{${key}\\}`, 'g'), () => value),
      text,
    );
  return policies.flatMap(({ actions, resources, conditions }) =>
    actions.flatMap((action) =>
      resources.map((resource) =>
        rightOf(action, fill(resource), JSON.parse(fill(JSON.stringify(conditions))) as object),
      ),
    ),
  );
}
