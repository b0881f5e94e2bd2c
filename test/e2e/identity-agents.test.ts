import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../support/kube-client.ts';
import { KubeClient } from '../support/kube-client.ts';
import {
  generateClusterIssuer,
  generateExample,
  generateWithoutWebhook,
} from './support/agents/fleets.ts';
import { claimsOf, requestToken, runOnce } from './support/agents/job-pod.ts';
import { addNode, nodesOf } from './support/agents/nodes.ts';
import { startCluster, type RealCluster } from './support/cluster/cluster.ts';
import { startEtcd, type Etcd } from './support/cluster/etcd.ts';
import { makeNamespace } from './support/fleet/apply.ts';
import { certManagerCrds, installCertManagerCrds } from './support/manifests/custom-resources.ts';
import { readManifests } from './support/manifests/outputs.ts';
import { rightsOf } from './support/manifests/rights.ts';
import { until } from '../support/wait.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-agents-'));
const issuer = 'https://oidc.example.com/kops';
const linux = { 'kubernetes.io/os': 'linux' };
const server = { pool: 'kiam-server' };
const fargate = { 'eks.amazonaws.com/compute-type': 'fargate' };
const workers = ['spot', 'worker-0', 'worker-1'];

let etcd: Etcd | undefined;
let cluster: RealCluster;

beforeAll(async () => {
  etcd = await startEtcd(folder);
  cluster = await startCluster({
    name: 'hub',
    folder: join(folder, 'hub'),
    etcd,
    issuer,
    nodes: 0,
  });
  await installCertManagerCrds(cluster);
  await addNode(cluster, 'server-0', { labels: { ...linux, ...server }, taints: server });
  await addNode(cluster, 'worker-0', { labels: linux });
  await addNode(cluster, 'worker-1', { labels: { ...linux, pool: 'workers' } });
  await addNode(cluster, 'spot', { labels: linux, taints: { spot: 'true' } });
  await addNode(cluster, 'windows-0', { labels: { 'kubernetes.io/os': 'windows' } });
  await addNode(cluster, 'fargate-0', { labels: { ...linux, ...fargate }, taints: fargate });
});

afterAll(async () => {
  await (cluster as RealCluster | undefined)?.stop();
  await etcd?.stop();
  rmSync(folder, { recursive: true });
});

const strictly = ['--warnings-as-errors', 'apply', '--server-side', '--validate=strict'];
const apply = (file: string) => cluster.mustKubectl([...strictly, '-f', file]);
const remove = (file: string) => cluster.mustKubectl(['delete', '--ignore-not-found', '-f', file]);

/** What a ServiceAccount may do that another of its namespace may not. */
const rights = (namespace: string, name: string) =>
  rightsOf(cluster, { username: `system:serviceaccount:${namespace}:${name}`, groups: [] });

/** Rights in the whole cluster, which `rights` shows in each namespace. */
async function everywhere(lines: readonly string[]): Promise<readonly string[]> {
  const namespaces = await cluster.admin.list('/api/v1/namespaces');
  return namespaces
    .flatMap(({ metadata }) => lines.map((line) => `${line} ${metadata.name}`))
    .sort();
}

const watching = ['list namespaces', 'list pods', 'watch namespaces', 'watch pods'];

/** Whether a DaemonSet's pods would be let into a namespace of that level of Pod Security. */
async function admitted(level: string, namespace: string, name: string): Promise<string> {
  const { spec } = await cluster.admin.call<Template>(
    `/apis/apps/v1/namespaces/${namespace}/daemonsets/${name}`,
  );
  const { metadata, spec: pod } = spec.template;
  await makeNamespace(cluster, level);
  const label = `pod-security.kubernetes.io/enforce=${level}`;
  await cluster.mustKubectl(['label', '--overwrite', 'namespace', level, label]);
  const { body } = await cluster.admin.send(`/api/v1/namespaces/${level}/pods?dryRun=All`, {
    method: 'POST',
    body: { metadata: { ...metadata, name }, spec: { ...pod, serviceAccountName: 'default' } },
  });
  const { kind, message } = body as { readonly kind: string; readonly message?: string };
  return kind === 'Pod' ? 'admitted' : String(message);
}

interface Template {
  readonly spec: {
    readonly template: {
      readonly metadata: object;
      readonly spec: object;
    };
  };
}

const crds = certManagerCrds();
const [where, why] =
  'missing' in crds ? [describe.skip, ` (skipped: ${crds.missing})`] : [describe, ''];

where(`kiam${why}`, () => {
  const file = join(generateExample('seed-002', folder), 'opsfleet-test', 'kiam.k8s.yaml');
  beforeAll(() => apply(file));
  afterAll(() => remove(file));

  it('its server is on its nodes alone, and its agents on all others that can', async () => {
    expect(await nodesOf(cluster, 'kiam', 'kiam-server')).toEqual(['server-0']);
    expect(await nodesOf(cluster, 'kiam', 'kiam-agent')).toEqual(workers);
  });

  it('a node that becomes a server’s loses its agent, and one that is none any more gets it', async () => {
    const label = (pool: string) =>
      cluster.mustKubectl(['label', '--overwrite', 'node', 'worker-1', `pool=${pool}`]);
    const on = async (name: string, nodes: readonly string[]) =>
      until(`${name} on ${nodes.join()}`, async () => {
        return String(await nodesOf(cluster, 'kiam', name)) === String(nodes);
      });
    await label('kiam-server');
    await on('kiam-agent', ['spot', 'worker-0']);
    await on('kiam-server', ['server-0', 'worker-1']);
    await label('workers');
    await on('kiam-agent', workers);
    await on('kiam-server', ['server-0']);
  });

  it('its agents find the servers, by their port', async () => {
    const slices = '/apis/discovery.k8s.io/v1/namespaces/kiam/endpointslices';
    const slice = await until('the endpoints of kiam-server', async () => {
      const [found] = (await cluster.admin.list(slices)) as readonly EndpointSlice[];
      return found?.endpoints?.length === 1 && found;
    });
    expect(slice.ports).toEqual([expect.objectContaining({ port: 9610, protocol: 'TCP' })]);
    expect(slice.endpoints).toEqual([expect.objectContaining({ nodeName: 'server-0' })]);
  });

  it('its server sees pods and namespaces, and writes events; its agents may do nothing', async () => {
    const events = ['create events', 'patch events'];
    expect(await rights('kiam', 'kiam-server')).toEqual(await everywhere([...watching, ...events]));
    expect(await rights('kiam', 'kiam-agent')).toEqual([]);
  });

  it('its server would be let in where Pod Security is restricted, its agents not even in baseline', async () => {
    expect(await admitted('restricted', 'kiam', 'kiam-server')).toBe('admitted');
    expect(await admitted('baseline', 'kiam', 'kiam-agent')).toMatch(/violates PodSecurity/);
    expect(await admitted('privileged', 'kiam', 'kiam-agent')).toBe('admitted');
  });

  it('no key is in what is applied: cert-manager is asked for each', async () => {
    expect(await cluster.admin.list('/api/v1/secrets')).toEqual([]);
    const names = (kind: string) =>
      cluster.mustKubectl(['-n', 'kiam', 'get', kind, '-o', 'jsonpath={.items[*].metadata.name}']);
    expect(await names('certificates')).toBe('kiam-agent kiam-ca kiam-server');
    expect(await names('issuers')).toBe('kiam-ca kiam-self-signed');
  });

  it('by a ClusterIssuer, its CA is asked for where cert-manager keeps those of the cluster', async () => {
    const other = join(generateClusterIssuer(folder), 'opsfleet-test', 'kiam.k8s.yaml');
    await makeNamespace(cluster, 'cert-manager');
    await apply(other);
    for (const made of readManifests(other).filter(({ apiVersion }) =>
      /cert-man/.test(apiVersion),
    )) {
      const { namespace, name } = made.metadata;
      const place = namespace === undefined ? '' : `namespaces/${namespace}/`;
      const kind = `${made.kind.toLowerCase()}s`;
      const path = `/apis/cert-manager.io/v1/${place}${kind}/${name}`;
      expect((await cluster.admin.call(path)).spec).toEqual(made.spec);
    }
    await remove(other);
  });
});

interface EndpointSlice extends KubeObject {
  readonly ports?: readonly unknown[];
  readonly endpoints?: readonly unknown[];
}

describe('kube2iam', () => {
  const file = join(generateExample('seed-004', folder), 'prod', 'kube2iam.k8s.yaml');
  beforeAll(() => apply(file));
  afterAll(() => remove(file));

  it('is on every node that can have it', async () => {
    expect(await nodesOf(cluster, 'kube-system', 'kube2iam')).toEqual(['server-0', ...workers]);
  });

  it('sees pods and namespaces, and may do nothing else', async () => {
    expect(await rights('kube-system', 'kube2iam')).toEqual(await everywhere(watching));
  });

  it('would not be let in where Pod Security is baseline', async () => {
    expect(await admitted('baseline', 'kube-system', 'kube2iam')).toMatch(/violates PodSecurity/);
    expect(await admitted('privileged', 'kube-system', 'kube2iam')).toBe('admitted');
  });
});

describe('the pods of a restart', () => {
  const identities = generateExample('identities', folder);

  it.each([
    { hub: 'hub-kiam', cronJob: 'nightly-kiam', key: 'permitted' },
    { hub: 'hub-kube2iam', cronJob: 'nightly-kube2iam', key: 'allowed-roles' },
  ])('$hub: name a role that their namespace lets them have', async ({ hub, cronJob, key }) => {
    const file = join(identities, hub, 'hub.k8s.yaml');
    await apply(file);
    const { metadata } = await runOnce(cluster, 'restarts', cronJob);
    const role = metadata.annotations?.['iam.amazonaws.com/role'] ?? '';
    expect(role).toMatch(/^arn:aws:iam::000000000010:role\/rollcall\//);
    const namespace = await cluster.admin.call('/api/v1/namespaces/restarts');
    const permits = namespace.metadata.annotations?.[`iam.amazonaws.com/${key}`] ?? '';
    const pattern = key === 'permitted' ? permits : ((JSON.parse(permits) as string[])[0] ?? '');
    expect(role).toMatch(new RegExp(pattern));
    expect(`${role}-admin`).not.toMatch(new RegExp(pattern));
    await remove(file);
  });

  it('are given a token of that audience and life, where no webhook adds one', async () => {
    const file = join(generateWithoutWebhook(folder), 'kops', 'hub.k8s.yaml');
    await apply(file);
    const pod = await runOnce(cluster, 'restarts', 'nightly');
    const { containers, volumes } = pod.spec;
    const { env, volumeMounts } = containers[0];
    const source = { audience: 'sts.amazonaws.com', expirationSeconds: 3600, path: 'token' };
    const volume = volumes.find(({ projected }) =>
      projected?.sources.some((one) => JSON.stringify(one).includes(source.audience)),
    );
    expect(volume?.projected?.sources).toEqual([{ serviceAccountToken: source }]);
    const mount = volumeMounts.find(({ name }) => name === volume?.name);
    const tokenFile = env.find(({ name }) => name === 'AWS_WEB_IDENTITY_TOKEN_FILE')?.value;
    expect(mount).toMatchObject({ mountPath: tokenFile?.replace(/\/token$/, ''), readOnly: true });

    const token = await requestToken(cluster, pod, source);
    const { iss, sub, aud, iat, exp } = claimsOf(token);
    const subject = 'system:serviceaccount:restarts:restarter';
    expect({ iss, sub, aud }).toEqual({ iss: issuer, sub: subject, aud: [source.audience] });
    expect(exp - iat).toBe(source.expirationSeconds);
    const bearer = new KubeClient({ ...cluster.server.endpoint('admin'), token });
    expect((await bearer.send('/api')).status).toBe(401);
    await bearer.close();
    await remove(file);
  });
});

it.each([
  { example: 'seed-002', at: 'opsfleet-test', namespace: 'test-s3' },
  { example: 'seed-004', at: 'prod', namespace: 'webservice-01' },
])('$example: the pod that tries a role is let in beside its service', async (one) => {
  const { example, at, namespace } = one;
  const tree = generateExample(example, folder);
  const hub = join(tree, at, 'hub.k8s.yaml');
  const check = join(tree, '_checks', `${at}.yaml`);
  await apply(hub);
  await apply(check);
  const { metadata: live } = await cluster.admin.call(`/api/v1/namespaces/${namespace}`);
  expect(live.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce': 'restricted' });
  const [pod] = await cluster.admin.list(`/api/v1/namespaces/${namespace}/pods`);
  const role = pod?.metadata.annotations?.['iam.amazonaws.com/role'];
  expect(role).toBeDefined();
  expect(JSON.stringify(live.annotations)).toContain(role);
  await remove(check);
  await remove(hub);
});
