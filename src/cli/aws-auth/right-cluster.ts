import { UserError } from '../../../charts/user-error.ts';
import { entryOfAnother } from '../../aws-auth/elsewhere.ts';
import { ownEntries } from '../../aws-auth/leave.ts';
import type { Cluster } from '../../fleet/model.ts';
import { clusterArn } from '../../names/arn.ts';
import type { HubAccess } from '../operate/kube-config.ts';
import type { AwsAuthConfigMap, LiveAwsAuth, Says } from './live-config-map.ts';
import type { Target } from './target.ts';

/**
 * Refuses a context that tells by itself that it leads to another cluster: entries in the wrong one
 * let the wrong role in. One that tells nothing passes here: `requireOwnEntries` has a look at it.
 *
 * @throws UserError `aws-auth/wrong-cluster`
 */
export function requireRightContext(target: Target, access: HubAccess): Says {
  const { name, cluster, others } = target;
  const { config, context, server } = access;
  const refuse = (found: string, expected: string): UserError =>
    wrong(
      `context ${context}`,
      `a context of ${found}`,
      expected,
      'Name the cluster’s own context by --context.',
    );
  const named = config.getCurrentCluster()?.name ?? '';
  const said = [context, named];
  const own = cluster ? namesOf(cluster) : [];
  const endpoint = cluster?.connection?.endpoint;
  if (cluster) {
    const wanted = `which is cluster ${name} in the fleet file`;
    const form = expectedNames(cluster).find(({ pattern }) => pattern.test(named));
    if (endpoint !== undefined && !sameUrl(endpoint, server)) {
      throw refuse(server, `${endpoint}, ${wanted}`);
    }
    if (form && form.name !== named) throw refuse(named, `${form.name}, ${wanted}`);
  }
  for (const other of others) {
    const found = namesOf(other).find((one) => said.includes(one) && !own.includes(one));
    const isThere = endpoint === undefined && sameUrl(other.connection?.endpoint ?? '', server);
    if (found === undefined && !isThere) continue;
    const expected = cluster ? `cluster ${name}` : `cluster ${name}, which has left the fleet file`;
    throw refuse(`${found ?? server}, which is cluster ${other.name} in the fleet file`, expected);
  }
  if (!cluster) return said.includes(name) || arnForm.test(named) ? 'this cluster' : 'nothing';
  const shared = new Set(others.flatMap(namesOf));
  const isNamed = own.some((one) => said.includes(one) && !shared.has(one));
  return isNamed || endpoint !== undefined ? 'this cluster' : 'nothing';
}

/**
 * Where the context's name says nothing, refuses a ConfigMap that holds another cluster's entries.
 *
 * @throws UserError `aws-auth/wrong-cluster`
 */
export function requireOwnEntries(
  { where, says }: Pick<AwsAuthConfigMap, 'where' | 'says'>,
  { data }: Pick<LiveAwsAuth, 'data'>,
  { name, fragment, entrants }: Target,
): void {
  if (says === 'this cluster') return;
  const found = entryOfAnother(ownEntries(data, fragment), name, entrants);
  if (!found) return;
  throw wrong(
    where,
    `the fleet’s entry for ${found.arn}, which is cluster ${found.cluster}’s`,
    `entries of cluster ${name}`,
    `Name the cluster’s own context by --context. If this is the one, use a context that says so: ${name}, or as \`aws eks update-kubeconfig\` writes it.`,
  );
}

const arnForm = /^arn:aws[\w-]*:eks:/;

/** As `aws eks update-kubeconfig` and eksctl name the cluster in a kubeconfig. */
const expectedNames = ({ partition, region, account, eksCluster }: Cluster) => [
  { pattern: arnForm, name: clusterArn(partition, region, account.id, eksCluster) },
  { pattern: /\.eksctl\.io$/, name: `${eksCluster}.${region}.eksctl.io` },
];

const namesOf = (cluster: Cluster): readonly string[] => [
  cluster.name,
  cluster.eksCluster,
  ...expectedNames(cluster).map(({ name }) => name),
];

const sameUrl = (a: string, b: string): boolean =>
  URL.canParse(a) && URL.canParse(b) && new URL(a).href === new URL(b).href;

const wrong = (place: string, found: string, expected: string, next: string): UserError =>
  new UserError({ code: 'aws-auth/wrong-cluster', place, found, expected, next });
