import fc from 'fast-check';
import {
  fleetModels,
  type ClusterModel,
  type FleetModel,
  type ReachModel,
  type ServiceModel,
} from './fleet-arbitrary.ts';
import { policiesOf, policyNames, userLots, userOf } from './asked-arbitrary.ts';

const ways = ['irsa', 'direct', 'tags', 'no-tags', 'target-role', 'agent', 'agent'] as const;
type Way = (typeof ways)[number];

const policies = fc.shuffledSubarray([...policyNames], { maxLength: 2 });

/** What is drawn by lot on top of a plain fleet. Numbers pick one of what there is, counted round. */
const everyLot = fc.record({
  path: fc.constantFrom('/', '/', '/team/', '/a.b/c+d/'),
  sourceIdentity: fc.boolean(),
  existingServerRole: fc.boolean(),
  clusters: fc.array(
    fc.record({
      entries: fc.boolean(),
      existingProvider: fc.boolean(),
      agent: fc.constantFrom('kiam', 'kube2iam'),
      kiam: fc.record({
        existing: fc.boolean(),
        nodeRole: fc.constantFrom('kiam-nodes', 'workers'),
      }),
      kube2iam: fc.record({
        format: fc.constantFrom('glob', 'regexp'),
        existing: fc.boolean(),
        nodeRoles: fc.constantFrom(['workers'], ['workers', 'spot.workers']),
      }),
    }),
    { minLength: 7, maxLength: 7 },
  ),
  services: fc.array(
    fc.record({
      way: fc.constantFrom(...ways),
      session: fc.constantFrom('15m', '12h'),
      /** By the cluster's word or by its own. */
      webhook: fc.boolean(),
      envs: fc.boolean(),
      existingRole: fc.boolean(),
      files: fc.boolean(),
      policies,
      targetPolicies: policies,
    }),
    { minLength: 3, maxLength: 3 },
  ),
  outside: fc.array(
    fc.record({
      existing: fc.boolean(),
      clusters: fc.array(fc.nat(6), { minLength: 1, maxLength: 3 }),
      policies: fc.shuffledSubarray(['own', 'broad'] as const),
    }),
    { maxLength: 2 },
  ),
  users: fc.array(userLots, { maxLength: 3 }),
});
type Lots = typeof everyLot extends fc.Arbitrary<infer T> ? T : never;
type ServiceLots = Lots['services'][number];

/**
 * Sound fleets with every way to an identity and into a cluster, several environments, principals
 * outside of Kubernetes, policies and people: a plain fleet's names and reaches, decorated.
 */
export const everyWayTexts: fc.Arbitrary<string> = fc
  .tuple(fleetModels, everyLot)
  .map(([model, lots]) => JSON.stringify(decorated(model, lots), null, 2));

function decorated(model: FleetModel, lots: Lots): object {
  const { region = '' } = model.clusters[0] ?? {};
  const partition = region.startsWith('cn-')
    ? 'aws-cn'
    : region.startsWith('us-gov-')
      ? 'aws-us-gov'
      : 'aws';
  const services = model.services.map((service, index) =>
    serviceOf(service, at(lots.services, index), model.clusters, lots),
  );
  const outside = lots.outside.map((lot, index) => outsideOf(lot, index, model.clusters));
  const names = model.clusters.map(({ name }) => name);
  const clusters = model.clusters.map((cluster, index) => {
    const lot = at(lots.clusters, index);
    return {
      ...cluster,
      ...(lot.entries ? { accessControl: 'access-entries' } : {}),
      ...(cluster.oidcIssuer === undefined ? {} : hubPartsOf(lot, lots.existingServerRole, index)),
    };
  });
  const byEntries = (name: string) =>
    clusters.some((one) => one.name === name && 'accessControl' in one);
  return {
    ...model,
    iam: { path: lots.path, sourceIdentity: lots.sourceIdentity },
    clusters,
    services: [...services, ...outside],
    users: lots.users.map((lot, index) =>
      userOf(lot, { index, partition, clusters: pick(names, lot.clusters), byEntries }),
    ),
    restarts: model.restarts.map((restart) => {
      const of = services.find(({ name }) => name === restart.service);
      return of && 'envs' in of ? { ...restart, env: 'prd' } : restart;
    }),
  };
}

const hubPartsOf = (
  { existingProvider, agent, kiam, kube2iam }: Lots['clusters'][number],
  existingServerRole: boolean,
  index: number,
) => ({
  existingOidcProvider: existingProvider,
  agents:
    agent === 'kube2iam'
      ? { kube2iam }
      : {
          kiam: {
            ...kiam,
            // v3 is generated no more.
            version: kiam.existing ? 'v3' : 'v4',
            serverRole: `kiam-server-${index}`,
            existingServerRole,
          },
        },
});

function serviceOf(
  { env, ...service }: ServiceModel,
  lot: ServiceLots,
  clusters: readonly ClusterModel[],
  { sourceIdentity, clusters: drawn }: Lots,
) {
  const hub = clusters.findIndex(({ name }) => name === service.cluster);
  const suffix = lot.envs ? '-{env}' : '';
  const reach = service.reach.map((one) => ({
    ...one,
    ...suffixed(one, suffix),
    ...policiesOf(lot.targetPolicies),
  }));
  const reached = new Set(service.reach.flatMap((one) => one.clusters));
  const connected = clusters.filter(({ name }) => reached.has(name)).every((one) => one.connection);
  return {
    ...service,
    ...(lot.envs ? { envs: ['prd', 'stg'] } : { env }),
    serviceAccount: `${service.serviceAccount ?? ''}${suffix}`,
    ...(service.role === undefined
      ? {}
      : { role: service.role + suffix, existingRole: lot.existingRole }),
    podIdentity: identityOf(lot, {
      reach: service.reach,
      clusters,
      sourceIdentity,
      agent: at(drawn, hub).agent,
    }),
    // No profile can name its hops.
    awsConfig: lot.files && !sourceIdentity,
    kubeconfig: lot.files && connected && !sourceIdentity,
    reach,
    ...policiesOf(lot.policies),
  };
}

/** Each environment has roles and users of its own, but for the role of someone else's. */
const suffixed = ({ role, kubernetesUser, existing }: ReachModel, suffix: string): object =>
  existing
    ? {}
    : {
        ...(role === undefined ? {} : { role: role + suffix }),
        ...(kubernetesUser === undefined ? {} : { kubernetesUser: kubernetesUser + suffix }),
      };

interface Circumstances {
  readonly reach: readonly ReachModel[];
  readonly clusters: readonly ClusterModel[];
  readonly sourceIdentity: boolean;
  /** The hub's. */
  readonly agent: 'kiam' | 'kube2iam';
}

/** The way that was drawn, or the nearest that the fleet file allows there. */
function identityOf({ way, session, webhook }: ServiceLots, where: Circumstances): unknown {
  const { reach, sourceIdentity, agent } = where;
  const hops = sourceIdentity && reach.length > 0 ? 2 : 1;
  const kinds: Readonly<Record<Way, unknown>> = {
    irsa: webhook ? 'irsa' : { irsa: { webhook, audience: 'sts.example.com' } },
    direct: { irsa: { hops, webhook, sessionDuration: hops === 1 ? session : '15m' } },
    tags: 'eks-pod-identity',
    'no-tags': { 'eks-pod-identity': { sessionTags: false } },
    'target-role': {
      'eks-pod-identity': { targetRole: !sourceIdentity && rolesOf(where) === 1 },
    },
    agent: agent === 'kiam' ? 'kiam' : { kube2iam: {} },
  };
  return kinds[way];
}

function rolesOf({ reach, clusters }: Circumstances): number {
  const accountOf = new Map(clusters.map(({ name, account }) => [name, account]));
  return new Set(
    reach.flatMap(({ role = '', clusters: names }) =>
      names.map((name) => `${accountOf.get(name) ?? ''} ${role}`),
    ),
  ).size;
}

const outsideOf = (
  { existing, clusters: places, policies: asked }: Lots['outside'][number],
  index: number,
  clusters: readonly ClusterModel[],
) => ({
  name: `outside-${index}`,
  env: 'prd',
  account: 'ours',
  role: `function-${index}`,
  reach: [
    {
      clusters: pick(
        clusters.map(({ name }) => name),
        places,
      ),
      existing,
      ...(existing
        ? { role: 'application', kubernetesUser: 'app' }
        : { role: `target-of-${index}`, externalId: `outside:${index}` }),
    },
  ],
  ...policiesOf(asked),
});

const pick = (names: readonly string[], places: readonly number[]): readonly string[] => [
  ...new Set(places.map((place) => at(names, place))),
];

function at<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}
