import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';

const example = (name: string): unknown =>
  parse(
    readFileSync(new URL(`../../../../examples/identities${name}.yaml`, import.meta.url), 'utf8'),
  );

interface Named {
  readonly name: string;
}
interface Service extends Named {
  readonly cluster: string;
  readonly reach: readonly object[];
}
interface FleetFile {
  readonly iam: object;
  readonly clusters: readonly Named[];
  readonly services: readonly Service[];
  readonly restarts: readonly (Named & { readonly service: string })[];
}
interface Prior {
  readonly clusters: readonly Named[];
}

/** A service of examples/identities.yaml, and what differs from it there. */
export interface Shape {
  /** `irsa` for `by-irsa`, whose restart is `nightly-irsa`. */
  readonly by: 'irsa' | 'token' | 'pod' | 'target' | 'kiam' | 'kube2iam';
  readonly podIdentity?: unknown;
  readonly sourceIdentity?: true;
  /** Over its one reach. */
  readonly reach?: object;
  /** The reached clusters stand in one account: one role opens both. */
  readonly oneAccount?: true;
}

/** A fleet file with that service alone, and its prior state. */
export function fleetOf(shape: Shape): { readonly fleet: string; readonly prior: string } {
  const { by, podIdentity, sourceIdentity = false, reach = {}, oneAccount = false } = shape;
  const file = example('') as FleetFile;
  const services = file.services
    .filter(({ name }) => name === `by-${by}`)
    .map((service) => ({
      ...service,
      ...(podIdentity === undefined ? {} : { podIdentity }),
      reach: service.reach.map((one) => ({ ...one, ...reach })),
    }));
  const clusterNames = [services[0]?.cluster ?? '', 'shop', 'books'];
  const moved = (account: string) => (oneAccount ? { account } : {});
  const clustersOf = <One extends Named>(clusters: readonly One[], account: string) =>
    clusters
      .filter(({ name }) => clusterNames.includes(name))
      .map((one) => (one.name === 'books' ? { ...one, ...moved(account) } : one));
  const prior = example('.prior') as Prior;
  return {
    fleet: stringify({
      ...file,
      iam: { ...file.iam, sourceIdentity, forms: ['json'] },
      clusters: clustersOf(file.clusters, 'shop'),
      services,
      restarts: file.restarts.filter(({ service }) => service === `by-${by}`),
    }),
    prior: stringify({ ...prior, clusters: clustersOf(prior.clusters, '000000000020') }),
  };
}
