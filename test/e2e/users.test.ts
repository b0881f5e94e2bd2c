import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { AwsAuthFragment } from '../../src/aws-auth/fragment.ts';
import { mergeAwsAuthSections } from '../../src/aws-auth/merge.ts';
import { synthesise } from '../../src/demo/generate.ts';
import type { Region } from '../../src/names/arn.ts';
import { prepareAuthenticator, startAuthenticator } from './support/cluster/authenticator.ts';
import { startCluster, type RealCluster } from './support/cluster/cluster.ts';
import { startConnectProxy } from './support/cluster/connect-proxy.ts';
import { startEtcd } from './support/cluster/etcd.ts';
import { writeKubeconfig } from './support/cluster/kubeconfig.ts';
import { makeNamespace } from './support/fleet/apply.ts';
import {
  allowedBeyond,
  linesOf,
  listed,
  listIn,
  type Rule,
} from './support/manifests/permissions.ts';
import { binary } from './support/process/binaries.ts';
import { run } from './support/process/command.ts';
import { CallerSts, type Caller } from './support/users/sts.ts';
import { until } from '../support/wait.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-users-'));
const tree = join(folder, 'tree');
synthesise(join(import.meta.dirname, '..', '..', 'examples', 'seed-004.yaml'), tree);

const region = 'us-west-2' as Region;
const developers = 'rollcall:iam-eks:developers';
const watcher = 'rollcall:iam-eks:deploy-watcher';
const edited = ['webservice-01', 'webservice-02'];
/** Who came with the cluster: the role of its nodes. */
const nodes = `- rolearn: arn:aws:iam::555555555555:role/eks-prod-nodes
  username: system:node:{{EC2PrivateDNSName}}
  groups: [system:bootstrappers, system:nodes]
`;

const stops: (() => Promise<void>)[] = [];
/** Who enters by aws-auth. */
let prod: RealCluster;
/** Who enters by access entries, which only EKS has: kubectl plays them. */
let dev: RealCluster;
let sts: CallerSts;

beforeAll(async () => {
  const etcd = await startEtcd(folder);
  stops.push(() => etcd.stop());
  sts = await CallerSts.start(region);
  stops.push(() => sts.close());
  const proxy = await startConnectProxy(sts.url);
  stops.push(() => proxy.close());
  const files = await prepareAuthenticator(join(folder, 'authenticator'), 'prod');
  const start = async (name: string, tokenWebhook?: string): Promise<RealCluster> => {
    const at = { name, folder: join(folder, name), etcd, tokenWebhook };
    const cluster = await startCluster(at);
    stops.push(() => cluster.stop());
    for (const namespace of [...edited, 'bystander']) await makeNamespace(cluster, namespace);
    return cluster;
  };
  prod = await start('prod', files.webhookKubeconfig);
  dev = await start('dev');
  for (const cluster of [prod, dev]) {
    const file = join(tree, cluster.name, 'target.k8s.yaml');
    await cluster.mustKubectl(['apply', '--server-side', '--validate=strict', '-f', file]);
  }
  const fragment = parse(readFileSync(join(tree, '_aws-auth/prod.yaml'), 'utf8')) as unknown;
  const merged = mergeAwsAuthSections({ mapRoles: nodes }, fragment as AwsAuthFragment);
  if (merged.kind === 'refused') throw new Error(merged.found);
  await prod.admin.call('/api/v1/namespaces/kube-system/configmaps', {
    method: 'POST',
    body: { metadata: { name: 'aws-auth' }, data: merged.sections },
  });
  const caFile = join(folder, 'sts-ca.crt');
  writeFileSync(caFile, sts.ca);
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const authenticator = await startAuthenticator({
    files,
    partition: 'aws',
    kubeconfig: prod.kubeconfig,
    proxy: proxy.url,
    caFile,
    logFile: join(folder, 'logs', 'authenticator.log'),
  });
  stops.push(() => authenticator.stop());
});

afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
  rmSync(folder, { recursive: true });
});

const namespacesOf = async ({ admin }: RealCluster): Promise<readonly string[]> =>
  (await admin.list('/api/v1/namespaces')).map(({ metadata }) => metadata.name);

/** What one of Kubernetes' own ClusterRoles is, put together by its controller. */
const rulesOf = ({ admin }: RealCluster, name: string): Promise<readonly Rule[]> =>
  until(`ClusterRole ${name} has its rules`, async () => {
    const role = await admin.call(`/apis/rbac.authorization.k8s.io/v1/clusterroles/${name}`);
    const rules = (role.rules ?? []) as readonly Rule[];
    return rules.length > 0 && rules;
  });

const sorted = (lines: readonly string[]): readonly string[] => [...new Set(lines)].sort();

/** What people with `view` have everywhere and `edit` in two namespaces. */
async function developersRights(cluster: RealCluster): Promise<Record<string, readonly string[]>> {
  const view = await rulesOf(cluster, 'view');
  const edit = await rulesOf(cluster, 'edit');
  const of = (namespace: string) => (edited.includes(namespace) ? [...view, ...edit] : view);
  return Object.fromEntries(
    (await namespacesOf(cluster)).map((namespace) => [
      namespace,
      sorted(of(namespace).flatMap((rule) => linesOf(rule, namespace))),
    ]),
  );
}

/** What somebody may do by those groups that nobody else may, by namespace. */
async function rightsByGroups(
  cluster: RealCluster,
  username: string,
  groups: readonly string[],
): Promise<Record<string, readonly string[]>> {
  const all: Record<string, readonly string[]> = {};
  for (const namespace of await namespacesOf(cluster)) {
    const subject = { username, groups };
    all[namespace] = sorted(await allowedBeyond(cluster, namespace, subject, 'nobody'));
  }
  return all;
}

const nothing = async (cluster: RealCluster) =>
  Object.fromEntries((await namespacesOf(cluster)).map((namespace) => [namespace, []]));

describe('by aws-auth', () => {
  const session = (role: string, name: string, account = '555555555555'): Caller => ({
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${name}`,
    userId: `AROAEXAMPLE000000000A:${name}`,
  });
  const user = (name: string, account = '555555555555'): Caller => ({
    arn: `arn:aws:iam::${account}:user/${name}`,
    userId: 'AIDAEXAMPLE000000000A',
  });

  let people = 0;
  /** kubectl with that caller's token. */
  async function as(caller: Caller, ...args: readonly string[]) {
    const token = await sts.token(caller, 'prod', region);
    const { url, ca } = prod.server;
    people += 1;
    const kubeconfig = writeKubeconfig(join(folder, `person-${people}`), { url, ca, token });
    return run(binary('kubectl'), ['--kubeconfig', kubeconfig, ...args]);
  }

  const whoami = async (caller: Caller): Promise<unknown> => {
    const { code, stdout, stderr } = await as(caller, 'auth', 'whoami', '-o', 'json');
    if (code !== 0) return stderr;
    const { username, groups } = (
      JSON.parse(stdout) as {
        status: { userInfo: { username: string; groups: readonly string[] } };
      }
    ).status.userInfo;
    return { username, groups };
  };

  it.each([
    [session('eks-developers', 'ada'), 'developers:ada', developers],
    [session('eks-developers', 'grace@example.com'), 'developers:grace-example.com', developers],
    [user('admin'), 'admin', 'system:masters'],
  ])('%j is %s in %s', async (caller, username, group) => {
    expect(await whoami(caller)).toEqual({ username, groups: [group, 'system:authenticated'] });
  });

  it.each([
    user('admin', '555555555556'),
    user('administrator'),
    user('ada'),
    session('eks-developers', 'ada', '555555555556'),
    session('eks-developers2', 'ada'),
    session('admin', 'admin'),
    session('eks-webservice-01-prod', 'pod'),
  ])('%j is nobody', async (caller) => {
    expect(await whoami(caller)).toMatch(/Unauthorized|must be logged in/);
  });

  it('a developer may do what was generated, in each namespace, and nothing more', async () => {
    const found: Record<string, readonly string[]> = {};
    for (const namespace of await namespacesOf(prod)) {
      const lists = async (caller: Caller) => {
        const { stdout, stderr } = await as(caller, ...listIn(namespace));
        expect(stderr).toBe('');
        return listed(stdout, namespace);
      };
      const basics = await prod.mustKubectl([
        ...listIn(namespace),
        ...['--as=nobody', '--as-group=system:authenticated'],
      ]);
      const common = new Set(listed(basics, namespace));
      const lines = await lists(session('eks-developers', 'ada'));
      found[namespace] = sorted(lines.filter((line) => !common.has(line)));
    }
    expect(found).toEqual(await developersRights(prod));
  });

  it.each([
    ['get', 'pods', 'bystander', 'yes'],
    ['get', 'pods', 'kube-system', 'yes'],
    ['delete', 'deployments.apps', 'webservice-02', 'yes'],
    ['delete', 'deployments.apps', 'bystander', 'no'],
    ['get', 'secrets', 'bystander', 'no'],
    ['get', 'secrets', 'kube-system', 'no'],
    ['create', 'rolebindings.rbac.authorization.k8s.io', 'webservice-01', 'no'],
    ['get', 'nodes', 'webservice-01', 'no'],
  ])('may a developer %s %s in %s: %s', async (verb, resource, namespace, answer) => {
    const ask = ['auth', 'can-i', verb, resource, '-n', namespace];
    const { stdout } = await as(session('eks-developers', 'ada'), ...ask);
    expect(stdout.trim()).toBe(answer);
  });

  it('who breaks the glass may do everything', async () => {
    expect((await as(user('admin'), 'auth', 'can-i', '*', '*', '-A')).stdout.trim()).toBe('yes');
  });
});

describe('by groups', () => {
  it.each(['prod', 'dev'])('%s: developers have their rights', async (name) => {
    const cluster = name === 'prod' ? prod : dev;
    const found = await rightsByGroups(cluster, 'developers:ada', [developers]);
    expect(found).toEqual(await developersRights(cluster));
  });

  it('deploy-watcher has the rules of its own, in one namespace', async () => {
    const watch = ['deployments.apps', 'pods'].flatMap((resource) =>
      ['get', 'list', 'watch'].map((verb) => `${verb} ${resource} webservice-01`),
    );
    expect(await rightsByGroups(dev, 'deploy-watcher', [watcher])).toEqual({
      ...(await nothing(dev)),
      'webservice-01': sorted(watch),
    });
  });

  it.each([
    ['dev', 'auditors', ['rollcall:iam-eks:auditors'], 'by a policy of EKS alone'],
    ['dev', 'deploy-watcher', [], 'without its group'],
    ['dev', 'deploy-watcher', [`${watcher}:rollouts`], 'by the name of its Role'],
    ['dev', 'deploy-watcher', ['rollcall:other:deploy-watcher'], 'by the group of another fleet'],
    ['prod', 'deploy-watcher', [watcher], 'in a cluster that it is not mapped in'],
    ['prod', developers, [], 'whose name is that of a group'],
    ['prod', 'developers:ada', ['developers'], 'by a group of the user’s own name'],
  ])('%s: %s may do nothing with %j: %s', async (name, username, groups) => {
    const cluster = name === 'prod' ? prod : dev;
    expect(await rightsByGroups(cluster, username, groups)).toEqual(await nothing(cluster));
  });
});
