import { describe, expect, it } from '@jest/globals';
import { humanDuration } from '../../../src/simulator/kube/human-duration.ts';
import { deploymentsPath, settled, stamp, TestCluster } from './support.ts';

const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

interface Table {
  readonly kind: string;
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly columnDefinitions:
    readonly { readonly name: string; readonly priority: number }[] | null;
  readonly rows: readonly { readonly cells: readonly unknown[]; readonly object?: unknown }[];
}

const table = async (cluster: TestCluster, path: string): Promise<Table> =>
  (await cluster.json('GET', path, { headers: { accept } })).body as unknown as Table;
const titles = ({ columnDefinitions }: Table): readonly string[] =>
  (columnDefinitions ?? []).map(({ name, priority }) => (priority === 0 ? name : `(${name})`));

const podColumns = ['(Containers)', '(Images)', '(Selector)'];

describe('tables', () => {
  it('of Deployments and ReplicaSets have the columns of the real ones', async () => {
    const cluster = new TestCluster().add('web');
    const web = await table(cluster, `${deploymentsPath}/web`);
    expect(titles(web)).toEqual(['Name', 'Ready', 'Up-to-date', 'Available', 'Age', ...podColumns]);
    expect(web.rows[0]?.cells).toEqual([
      ...['web', '3/3', 3, 3, '24h'],
      ...['web', 'example.invalid/web:1', 'app=web'],
    ]);
    const sets = await table(cluster, '/apis/apps/v1/namespaces/sts/replicasets');
    expect(titles(sets)).toEqual(['Name', 'Desired', 'Current', 'Ready', 'Age', ...podColumns]);
    expect(sets.rows[0]?.cells.slice(1, 5)).toEqual([3, 3, 3, '24h']);
  });

  it.each([
    ['/api/v1/namespaces', ['Name', 'Status', 'Age'], ['default', 'Active', '0s']],
    ['/api/v1/namespaces/sts/configmaps', ['Name', 'Data', 'Age'], ['plan', 2, '0s']],
    [
      '/apis/rbac.authorization.k8s.io/v1/clusterroles',
      ['Name', 'Created At'],
      ['cluster-admin', '2024-01-01T00:00:00Z'],
    ],
    [
      '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings',
      ['Name', 'Role', 'Age', '(Users)', '(Groups)', '(ServiceAccounts)'],
      ['cluster-admin', 'ClusterRole/cluster-admin', '0s', '', 'system:masters', ''],
    ],
    [
      '/apis/batch/v1/namespaces/sts/cronjobs',
      ['Name', 'Schedule', 'Timezone', 'Suspend', 'Active', 'Last Schedule', 'Age', ...podColumns],
      ['nightly', '15 2 * * 1', '<none>', 'False', 0, '<none>', '0s', 'a,b', 'x:1,y:2', '<none>'],
    ],
    [
      '/apis/networking.k8s.io/v1/namespaces/sts/networkpolicies',
      ['Name', 'Pod-Selector', 'Age'],
      ['closed', '!d,a=b,c in (x,y)', '0s'],
    ],
  ])('of %s', async (path, columns, cells) => {
    const cluster = new TestCluster().add('web');
    const metadata = (name: string) => ({ namespace: 'sts', name });
    cluster.kube.apply({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata('plan'),
      data: { a: '1', b: '2' },
    });
    const containers = [
      { name: 'a', image: 'x:1' },
      { name: 'b', image: 'y:2' },
    ];
    cluster.kube.apply({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: metadata('nightly'),
      spec: {
        schedule: '15 2 * * 1',
        jobTemplate: { spec: { template: { spec: { containers } } } },
      },
    });
    cluster.kube.apply({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: metadata('closed'),
      spec: {
        podSelector: {
          matchLabels: { a: 'b' },
          matchExpressions: [
            { key: 'c', operator: 'In', values: ['x', 'y'] },
            { key: 'd', operator: 'DoesNotExist' },
          ],
        },
      },
    });
    const found = await table(cluster, path);
    expect(titles(found)).toEqual(columns);
    expect(found.rows[0]?.cells).toEqual(cells);
  });

  it('carry the metadata of what they show: none, that, or all of it', async () => {
    const cluster = new TestCluster().add('web').add('api');
    const path = `${deploymentsPath}?limit=1`;
    const object = async (query: string) => (await table(cluster, path + query)).rows[0]?.object;
    expect(await object('')).toMatchObject({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { name: 'api', generation: 1 },
    });
    expect(await object('')).not.toHaveProperty('spec');
    expect(await object('&includeObject=Object')).toMatchObject({ spec: { replicas: 3 } });
    expect(await object('&includeObject=None')).toBeUndefined();
    expect((await table(cluster, path)).metadata).toMatchObject({ remainingItemCount: 1 });
    expect(
      (await cluster.json('GET', `${path}&includeObject=x`, { headers: { accept } })).status,
    ).toBe(400);
  });

  it('in a watch come one row a line, the columns with the first alone', async () => {
    const cluster = new TestCluster().add('web');
    const response = await cluster.call('GET', `${deploymentsPath}?watch=1&timeoutSeconds=5`, {
      headers: { accept },
    });
    if (response.kind !== 'stream') throw new Error('expected a stream');
    const lines: { type: string; object: Table }[] = [];
    const read = (async () => {
      for await (const line of response.lines) lines.push(line as (typeof lines)[number]);
    })();
    await settled();
    await cluster.patch('web', stamp('2024-01-01T02:15:00Z'));
    cluster.kube.dropWatches({ expire: true });
    await read;
    expect(lines.map(({ type, object }) => [type, object.kind])).toEqual([
      ['ADDED', 'Table'],
      ['MODIFIED', 'Table'],
      ['ERROR', 'Status'],
    ]);
    expect(lines[0]?.object.columnDefinitions).toHaveLength(8);
    expect(lines[1]?.object.columnDefinitions).toBeNull();
    expect(lines[1]?.object.rows[0]?.cells.slice(0, 2)).toEqual(['web', '3/3']);
  });

  it.each([
    [
      'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
      200,
      'PartialObjectMetadataList',
    ],
    ['application/vnd.kubernetes.protobuf, application/json', 200, 'DeploymentList'],
    ['application/json;as=Table;v=v9;g=meta.k8s.io, */*', 200, 'DeploymentList'],
    ['application/vnd.kubernetes.protobuf', 406, 'Status'],
    ['text/html', 406, 'Status'],
  ])('%s is %d: %s', async (type, status, kind) => {
    const answer = await new TestCluster().json('GET', deploymentsPath, {
      headers: { accept: type },
    });
    expect([answer.status, answer.body.kind]).toEqual([status, kind]);
  });
});

describe('an age', () => {
  const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];
  // apimachinery pkg/util/duration/duration_test.go
  it.each<[number, string]>([
    [-2 * second, '<invalid>'],
    [-1 * second, '0s'],
    [0, '0s'],
    [119 * second, '119s'],
    [2 * minute, '2m'],
    [2 * minute + second, '2m1s'],
    [10 * minute + second, '10m'],
    [179 * minute, '179m'],
    [3 * hour, '3h'],
    [3 * hour + minute, '3h1m'],
    [8 * hour + minute, '8h'],
    [47 * hour, '47h'],
    [48 * hour, '2d'],
    [49 * hour, '2d1h'],
    [8 * day + hour, '8d'],
    [729 * day, '729d'],
    [730 * day, '2y'],
    [731 * day, '2y1d'],
    [8 * 365 * day + day, '8y'],
  ])('of %d ms is %s', (ms, text) => {
    expect(humanDuration(ms)).toBe(text);
  });
});
