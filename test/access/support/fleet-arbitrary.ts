import fc from 'fast-check';
import {
  groupsOf,
  strategyLots,
  strategyOf,
  type GroupModel,
  type StrategyModel,
} from './restart-arbitrary.ts';

/** The parts of a fleet file that vary; its text is their JSON, which is YAML. */
export interface FleetModel {
  readonly apiVersion: 'rollcall.dev/v1alpha1';
  readonly kind: 'Fleet';
  readonly name: string;
  readonly image: string;
  readonly accounts: Readonly<Record<string, string>>;
  readonly clusters: readonly ClusterModel[];
  readonly services: readonly ServiceModel[];
  readonly restarts: readonly RestartModel[];
}
export interface ClusterModel {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly eksCluster?: string;
  readonly oidcIssuer?: string;
  readonly connection?: { readonly endpoint: string; readonly certificateAuthority: string };
  readonly paused?: boolean;
}
export interface ServiceModel {
  readonly name: string;
  readonly env: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly existingNamespace: boolean;
  readonly serviceAccount?: string;
  readonly role?: string;
  readonly reach: readonly ReachModel[];
}
export interface ReachModel {
  readonly clusters: readonly string[];
  readonly role?: string;
  readonly existing?: boolean;
  readonly externalId?: string;
  readonly kubernetesUser?: string;
}
export interface RestartModel {
  readonly name: string;
  readonly service: string;
  readonly schedule: string;
  readonly clusters: readonly string[];
  readonly workloads: readonly GroupModel[];
  readonly strategy?: StrategyModel;
}

/**
 * Names that run into each other when they are joined by dashes or end like a generated name, and
 * names that YAML parsers take for numbers, flags and nothing.
 */
const awkward = [
  ...['a', 'a-b', 'b', 'b-c', 'c', 'a-b-c', 'record', 'a-record', 'a-record-0', 'plan', 'a-plan'],
  ...['a-gates', 'a-lock'],
  ...['rollcall-a', 'target', 'hub', 'iam', 'on', 'null', '1e3', '0o17', '0x1f', '012', '7'],
] as const;
const longest = 'l'.repeat(63);
const names = [...awkward, longest];
const objectNames = [...awkward, 'a.b', `${longest}.${longest}`];
const name = fc.constantFrom(...names);
const some = <T>(all: readonly T[], minLength: number, maxLength: number) =>
  fc.shuffledSubarray([...all], { minLength, maxLength });

const connection = {
  endpoint: 'https://endpoint.example.com:8443',
  certificateAuthority: Buffer.from(
    '-----BEGIN CERTIFICATE-----\nRVhBTVBMRQ==\n-----END CERTIFICATE-----\n',
  ).toString('base64'),
};
const accounts = { ours: '000000000001', a: '000000000011', b: '012345678901', c: '999999999999' };

const roleKind = fc.constantFrom('default', 'own', 'existing');

/** What is drawn by lot. Numbers pick one of what there is, counted round. */
const choices = fc.record({
  fleet: name,
  region: fc.constantFrom('eu-west-1', 'cn-north-1', 'us-gov-west-1'),
  clusters: some(names, 2, 7),
  places: fc.array(
    fc.record({
      account: fc.constantFrom('ours', 'a', 'b', 'c'),
      named: fc.boolean(),
      connected: fc.boolean(),
      paused: fc.boolean(),
    }),
    { minLength: 7, maxLength: 7 },
  ),
  twoHubs: fc.boolean(),
  services: some([...awkward, 'l'.repeat(56)], 1, 3), // `eks-…-prd` is a role name of 64
  lots: fc.array(
    fc.record({
      hub: fc.nat(1),
      namespace: name,
      longAccount: fc.boolean(),
      ownRole: fc.boolean(),
      /** For each cluster: not reached, by the first reach, by the second. */
      reach: fc.array(fc.nat(2), { minLength: 7, maxLength: 7 }),
      roles: fc.tuple(roleKind, roleKind),
    }),
    { minLength: 3, maxLength: 3 },
  ),
  restarts: some([...awkward, 'l'.repeat(52)], 0, 4),
  runs: fc.array(
    fc.record({
      service: fc.nat(2),
      clusters: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
      namespaces: some(names, 1, 2),
      names: some(objectNames, 1, 3),
      lots: strategyLots,
    }),
    { minLength: 4, maxLength: 4 },
  ),
});
type Choices = typeof choices extends fc.Arbitrary<infer T> ? T : never;

export const fleetText = (model: FleetModel): string => JSON.stringify(model, null, 2);

/** Sound fleets: one or two hubs, up to six other clusters in up to four accounts. */
export const fleetModels: fc.Arbitrary<FleetModel> = choices.map((drawn) => {
  const clusters = drawn.clusters.map((_, index) => clusterOf(drawn, index));
  const hubs = clusters.filter(({ oidcIssuer }) => oidcIssuer !== undefined);
  const services = drawn.services.map((_, index) => serviceOf(drawn, index, hubs, clusters));
  const restarts = drawn.restarts.flatMap((_, index) => restartOf(drawn, index, services));
  return {
    apiVersion: 'rollcall.dev/v1alpha1',
    kind: 'Fleet',
    name: drawn.fleet,
    image: 'registry.example.com/rollcall:0.1.0',
    accounts,
    clusters,
    services,
    restarts,
  };
});

function clusterOf({ clusters, places, twoHubs, region }: Choices, index: number): ClusterModel {
  const isHub = index === 0 || (twoHubs && index === 1);
  const place = at(places, index);
  return {
    name: at(clusters, index),
    account: isHub ? 'ours' : place.account,
    region,
    ...(place.named ? { eksCluster: `eks_${index}` } : {}),
    ...(isHub ? { oidcIssuer: `https://oidc.example.com/id/${index}` } : {}),
    ...(place.connected ? { connection } : {}),
    ...(place.paused ? { paused: true } : {}),
  };
}

function serviceOf(
  { services, lots }: Choices,
  index: number,
  hubs: readonly ClusterModel[],
  clusters: readonly ClusterModel[],
): ServiceModel {
  const lot = at(lots, index);
  const reached = (number: number) =>
    clusters.filter((_, place) => at(lot.reach, place) === number);
  return {
    name: at(services, index),
    env: 'prd',
    cluster: at(hubs, lot.hub).name,
    namespace: lot.namespace,
    existingNamespace: lot.namespace.length === 1, // one answer a namespace
    serviceAccount: lot.longAccount ? `${longest}.sa-${index}` : `sa-${index}`,
    ...(lot.ownRole ? { role: `own-${index}` } : {}),
    reach: [1, 2]
      .filter((number) => reached(number).length > 0)
      .map((number) => reachOf(`${index}-${number}`, at(lot.roles, number), reached(number))),
  };
}

/** A role of someone else's is shared by services; one answer a role, so that reaches agree. */
function reachOf(
  id: string,
  kind: 'default' | 'own' | 'existing',
  clusters: readonly ClusterModel[],
): ReachModel {
  const names = clusters.map(({ name }) => name);
  const atHome = clusters.some(({ account }) => account === 'ours');
  switch (kind) {
    case 'existing':
      return { clusters: names, role: 'application', existing: true, kubernetesUser: 'app' };
    case 'own':
      return {
        clusters: names,
        role: `own-${id}`,
        externalId: `id:${id}`,
        kubernetesUser: `u${id}`,
      };
    case 'default':
      // In the hub's account the default name would be the service's own role.
      return atHome ? { clusters: names, role: `target-${id}` } : { clusters: names };
  }
}

function restartOf(
  { restarts, runs }: Choices,
  index: number,
  services: readonly ServiceModel[],
): readonly RestartModel[] {
  const run = at(runs, index);
  const service = at(services, run.service);
  const reached = service.reach.flatMap(({ clusters }) => clusters);
  const drawn = reached.filter((_, place) => at(run.clusters, place));
  if (reached.length === 0) return [];
  const clusters = drawn.length > 0 ? drawn : reached;
  return [
    {
      name: at(restarts, index),
      service: service.name,
      schedule: '15 2 * * 1',
      clusters,
      workloads: groupsOf(run.namespaces, run.names, run.lots),
      strategy: strategyOf(clusters, run.lots),
    },
  ];
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
}
