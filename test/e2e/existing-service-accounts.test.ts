import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { synthesise } from '../../src/demo/generate.ts';
import { startCluster, type RealCluster } from './support/cluster/cluster.ts';
import { startEtcd, type Etcd } from './support/cluster/etcd.ts';
import { readOutputs } from './support/manifests/outputs.ts';
import { binary } from './support/process/binaries.ts';
import { run } from './support/process/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-accounts-'));
const tree = join(folder, 'tree');
const theirFile = join(folder, 'theirs.yaml');

const issuer = 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E';
const roleArn = 'arn:aws:iam::111122223333:role/eks-carts-prd';
const theirs = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: {
    ...{ name: 'carts', namespace: 'shop' },
    labels: { team: 'theirs' },
    annotations: { 'example.com/owner': 'them' },
  },
  imagePullSecrets: [{ name: 'registry' }],
};

function generate(): void {
  const fleetFile = join(folder, 'fleet.yaml');
  const fleet = {
    ...{ apiVersion: 'rollcall.dev/v1alpha1', kind: 'Fleet', name: 'others' },
    accounts: { main: '111122223333' },
    image: 'registry.example.com/rollcall:1.0.0',
    clusters: [
      { name: 'hub', account: 'main', region: 'eu-west-1', oidcIssuer: issuer },
      { name: 'target', account: 'main', region: 'eu-west-1' },
    ],
    services: [
      {
        ...{ name: 'carts', env: 'prd', cluster: 'hub', namespace: 'shop' },
        ...{ existingNamespace: true, serviceAccount: 'carts', existingServiceAccount: true },
        policies: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::carts/*'] }],
        reach: [{ clusters: ['target'], role: 'carts-target' }],
      },
    ],
    restarts: [
      {
        ...{ name: 'nightly', service: 'carts', schedule: '15 2 * * 1', clusters: ['target'] },
        workloads: [{ namespace: 'shop', names: ['cart'] }],
      },
    ],
  };
  writeFileSync(fleetFile, stringify(fleet));
  synthesise(fleetFile, tree);
}

let etcd: Etcd | undefined;
let cluster: RealCluster;

beforeAll(async () => {
  generate();
  etcd = await startEtcd(folder);
  cluster = await startCluster({
    name: 'any',
    folder: join(folder, 'any'),
    etcd,
    controllers: false,
  });
  await cluster.mustKubectl(['create', 'namespace', 'shop']);
  writeFileSync(theirFile, stringify(theirs));
  await cluster.mustKubectl(['apply', '-f', theirFile]);
});

afterAll(async () => {
  await (cluster as RealCluster | undefined)?.stop();
  await etcd?.stop();
  rmSync(folder, { recursive: true });
});

const live = () => cluster.admin.call('/api/v1/namespaces/shop/serviceaccounts/carts');

/** The one command in the comments of the cluster's file, run by a shell. */
function runCommand() {
  const text = readFileSync(join(tree, '_serviceaccounts/hub.yaml'), 'utf8');
  const [line = '', ...more] = text.match(/^# kubectl .*$/gm) ?? [];
  expect(more).toEqual([]);
  const PATH = [dirname(binary('kubectl')), process.env['PATH']].join(':');
  const environment = { PATH, KUBECONFIG: cluster.kubeconfig };
  return run('sh', ['-c', line.slice(2)], { environment });
}

it('is not among what is applied', () => {
  const applied = readOutputs('hub', tree).flatMap(({ manifests }) => manifests);
  expect(applied.filter(({ kind }) => kind === 'CronJob')).toHaveLength(1);
  expect(applied.filter(({ kind }) => kind === 'ServiceAccount')).toEqual([]);
});

it('gets its annotations added, once, and keeps all else, also when its owner applies it', async () => {
  const before = await live();
  expect(await runCommand()).toMatchObject({ code: 0, stderr: '' });
  const { metadata, ...rest } = await live();
  expect(metadata.annotations).toMatchObject({
    ...before.metadata.annotations,
    'eks.amazonaws.com/role-arn': roleArn,
  });
  expect(metadata.labels).toEqual(theirs.metadata.labels);
  expect(rest).toMatchObject({ imagePullSecrets: theirs.imagePullSecrets });
  expect(await runCommand()).toMatchObject({ code: 0, stderr: '' });
  expect((await live()).metadata.resourceVersion).toBe(metadata.resourceVersion);
  await cluster.mustKubectl(['apply', '-f', theirFile]);
  expect((await live()).metadata.annotations).toEqual(metadata.annotations);
});

it('stays as it is where somebody else has given it another role', async () => {
  const key = 'eks.amazonaws.com/role-arn';
  const place = ['serviceaccount', 'carts', '--namespace=shop'];
  await cluster.mustKubectl(['annotate', '--overwrite', ...place, `${key}=theirs`]);
  const end = await runCommand();
  expect(end.code).not.toBe(0);
  expect(end.stderr).toContain(`'${key}' already has a value (theirs)`);
  expect((await live()).metadata.annotations).toMatchObject({ [key]: 'theirs' });
});
