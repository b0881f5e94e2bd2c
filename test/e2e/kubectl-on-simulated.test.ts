import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { kubeconfig } from '../../src/cli/kubeconfig.ts';
import { startSimulatedFleet, type SimulatedFleet } from '../../src/demo/simulated-fleet.ts';
import { binary } from './support/process/binaries.ts';
import { mustRun, run, type CommandEnd } from './support/process/command.ts';

jest.setTimeout(120_000);

const fleetFile = fileURLToPath(new URL('../../examples/seed-000.yaml', import.meta.url));
const web = 'sts-js-avro-encryption-processor';
const folder = mkdtempSync(join(tmpdir(), 'rollcall-kubectl-'));
const config = join(folder, 'kubeconfig');
let fleet: SimulatedFleet;

beforeAll(async () => {
  fleet = await startSimulatedFleet({ fleetFile, folder });
  const clusters = [...fleet.world.clusters.keys()].map((name) => ({
    name,
    server: fleet.servers.apiServer(name),
    ca: fleet.servers.apiServerCa(name),
  }));
  writeFileSync(config, kubeconfig(clusters, fleet.adminToken), { mode: 0o600 });
});
afterAll(async () => {
  await fleet.close();
  rmSync(folder, { recursive: true });
});

// kubectl keeps what it discovers below HOME.
const environment = { KUBECONFIG: config, HOME: folder, KUBE_EDITOR: 'sed -i s/own:3/own:4/' };
const common = ['--context', 'golf-prd', '--namespace', 'sts', '--request-timeout', '20s'];

/** An unmodified kubectl, as the admin of golf-prd; a later `--context` or `-n` wins. */
const kubectl = (...args: readonly string[]): Promise<string> =>
  mustRun(binary('kubectl'), [...common, ...args], { environment });
const refused = async (...args: readonly string[]): Promise<CommandEnd> => {
  const end = await run(binary('kubectl'), [...common, ...args], { environment });
  expect(end.code).not.toBe(0);
  return end;
};
const apply = (manifest: object, ...args: readonly string[]): Promise<string> =>
  mustRun(binary('kubectl'), [...common, 'apply', ...args, '-f', '-'], {
    environment,
    input: JSON.stringify(manifest),
  });

/** The cells of a table, without its header. */
const rows = (table: string): readonly (readonly string[])[] =>
  table
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(/ {2,}/));

const deployment = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'own', namespace: 'default' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'own' } },
    template: {
      metadata: { labels: { app: 'own' } },
      spec: { containers: [{ name: 'own', image }] },
    },
  },
});

describe('kubectl looks around', () => {
  it('knows the version and the kinds, by their short names too', async () => {
    expect(await kubectl('version')).toMatch(/Server Version: v1\.36\./);
    expect(await kubectl('get', 'deploy,rs,cm,sa,ns,cj,netpol,role', '-o', 'name')).toContain(
      `deployment.apps/${web}`,
    );
    expect(await kubectl('get', 'all')).toMatch(/^replicaset\.apps\//m);
  });

  it('gets tables, wide, paged, selected and as data', async () => {
    expect(await kubectl('get', 'deployment', web)).toMatch(
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\n\S+ +3\/3 +3 +3 +\S+\n$/,
    );
    expect(await kubectl('get', 'deployments', '-o', 'wide')).toMatch(
      /CONTAINERS +IMAGES +SELECTOR\n/,
    );
    const whole = rows(await kubectl('get', 'deployments')).map(([name]) => name);
    expect(whole.length).toBeGreaterThan(1);
    const paged = rows(await kubectl('get', 'deployments', '--chunk-size=1'));
    expect(paged.map(([name]) => name)).toEqual(whole);
    expect(rows(await kubectl('get', 'deploy', '-l', `app=${web}`))).toHaveLength(1);
    expect(await kubectl('get', 'deploy', web, '-o', 'jsonpath={.spec.replicas}')).toBe('3');
    expect(await kubectl('get', 'deploy', web, '-o', 'yaml')).toContain('apiVersion: apps/v1\n');
    expect((await refused('get', 'deploy', 'none')).stderr).toBe(
      'Error from server (NotFound): deployments.apps "none" not found\n',
    );
  });

  it('describes a Deployment with its ReplicaSets; there are pods, and no events', async () => {
    const text = await kubectl('describe', 'deployment', web);
    expect(text).toMatch(/^Replicas: +3 desired \| 3 updated \| 3 total \| 3 available/m);
    expect(text).toMatch(/^NewReplicaSet: +\S+-[a-z0-9]{10} \(3\/3 replicas created\)$/m);
    expect(text).toMatch(/^Events: +<none>$/m);
    const pods = await kubectl('get', 'pods', '-l', `app=${web}`);
    expect(pods).toMatch(
      /^NAME +READY +STATUS +RESTARTS +AGE\n(\S+ +1\/1 +Running +0 +\d+h\n){3}$/,
    );
  });

  it('watches: what is there, and what changes', async () => {
    const watching = run(
      binary('kubectl'),
      // The timeout of the request ends the watch.
      [...common, 'get', 'deploy', 'sts-frontend', '-w', '--request-timeout', '4s'],
      { environment },
    );
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await kubectl('scale', 'deployment', 'sts-frontend', '--replicas=3');
    const lines = rows((await watching).stdout).map(([, ready]) => ready);
    expect(lines[0]).toBe('2/2');
    expect(lines.at(-1)).toBe('3/3');
  });
});

describe('kubectl rolls out', () => {
  const history = async (): Promise<readonly string[]> =>
    rows((await kubectl('rollout', 'history', 'deployment', web)).replace(/^.*\n/, '')).map(
      ([revision = '']) => revision.split(' ')[0] ?? '',
    );

  it('waits for what a stamp set off', async () => {
    const stamp = {
      spec: {
        template: {
          metadata: {
            annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' },
          },
        },
      },
    };
    await kubectl('patch', 'deployment', web, '--type=merge', '-p', JSON.stringify(stamp));
    const said = await kubectl('rollout', 'status', 'deployment', web);
    expect(said).toMatch(/^Waiting for deployment .* rollout to finish: \d out of 3 new replicas/m);
    expect(said).toMatch(/successfully rolled out\n$/);
    expect(await history()).toEqual(['1', '2']);
  });

  it('restarts, goes back to a ReplicaSet that was there, and pauses', async () => {
    await kubectl('rollout', 'restart', 'deployment', web);
    await kubectl('rollout', 'status', 'deployment', web);
    expect(await history()).toEqual(['1', '2', '3']);
    const before = await kubectl('get', 'rs', '-l', `app=${web}`, '-o', 'name');
    expect(await kubectl('rollout', 'undo', 'deployment', web)).toMatch(/rolled back\n$/);
    await kubectl('rollout', 'status', 'deployment', web);
    expect(await history()).toEqual(['1', '3', '4']);
    expect(await kubectl('get', 'rs', '-l', `app=${web}`, '-o', 'name')).toBe(before);
    const sizes = rows(await kubectl('get', 'rs', '-l', `app=${web}`)).map(
      ([, desired]) => desired,
    );
    expect([...sizes].sort()).toEqual(['0', '0', '3']);

    await kubectl('rollout', 'pause', 'deployment', web);
    await kubectl('set', 'image', `deployment/${web}`, `${web}=example.invalid/other:2`);
    expect((await refused('rollout', 'restart', 'deployment', web)).stderr).toContain('paused');
    await kubectl('rollout', 'resume', 'deployment', web);
    await kubectl('rollout', 'status', 'deployment', web);
    expect(await kubectl('get', 'deploy', web, '-o', 'wide')).toContain('example.invalid/other:2');
    expect((await history()).at(-1)).toBe('5');
  });
});

describe('kubectl asks who may what', () => {
  it('lists exactly the generated rules of the mapped user, beyond what anyone has', async () => {
    const rulesOf = async (user: string) =>
      rows(await kubectl('auth', 'can-i', '--list', '--as', user)).map((cells) => cells.join(' '));
    const anyone = await rulesOf('stranger');
    const own = (await rulesOf('sts')).filter((rule) => !anyone.includes(rule));
    expect(own.toSorted()).toEqual([
      'deployments.apps [] [] [list watch]',
      'deployments.apps [] [sts-js-avro-decryption-processor] [get patch]',
      `deployments.apps [] [${web}] [get patch]`,
    ]);
  });

  it('is answered for one verb on one object, and acts within it', async () => {
    expect(await kubectl('auth', 'can-i', 'patch', `deployments/${web}`, '--as', 'sts')).toBe(
      'yes\n',
    );
    expect((await refused('auth', 'can-i', 'delete', 'deployments', '--as', 'sts')).stdout).toBe(
      'no\n',
    );
    expect(
      await kubectl('auth', 'whoami', '--as', 'sts', '-o', 'jsonpath={.status.userInfo.username}'),
    ).toBe('sts');
    expect(await kubectl('get', 'deploy', web, '--as', 'sts', '-o', 'name')).toContain(web);
    expect((await refused('delete', 'deploy', web, '--as', 'sts')).stderr).toContain(
      'User "sts" cannot delete resource "deployments" in API group "apps" in the namespace "sts"',
    );
  });
});

describe('kubectl writes', () => {
  it('applies the generated tree again, to no effect, with strict validation', async () => {
    for (const context of fleet.world.clusters.keys()) {
      const kinds = 'cm,sa,role,rolebinding,cj,netpol';
      const version = '{range .items[*]}{.metadata.name} {.metadata.resourceVersion}{"\\n"}{end}';
      const versions = () =>
        kubectl('get', kinds, '-A', '--context', context, '-o', `jsonpath=${version}`);
      const before = await versions();
      const tree = join(folder, 'dist', context);
      const said = await kubectl('apply', '--server-side', '-f', tree, '--context', context);
      expect(
        said
          .trim()
          .split('\n')
          .every((line) => line.endsWith('serverside-applied')),
      ).toBe(true);
      expect(await versions()).toBe(before);
    }
  });

  it('applies by either way, annotates, labels, edits, and sees a conflict', async () => {
    expect(await apply(deployment('own:1'), '-n', 'default')).toMatch(/created\n$/);
    expect(await apply(deployment('own:1'), '-n', 'default')).toMatch(/unchanged\n$/);
    expect(await apply(deployment('own:2'), '-n', 'default')).toMatch(/configured\n$/);
    const path = join(folder, 'own.json');
    writeFileSync(path, JSON.stringify(deployment('own:3')));
    const conflict = await refused('apply', '--server-side', '-f', path, '-n', 'default');
    expect(conflict.stderr).toContain('conflict with "kubectl-client-side-apply" using apps/v1');
    await kubectl('apply', '--server-side', '--force-conflicts', '-f', path, '-n', 'default');
    await kubectl('annotate', '-f', path, 'a=b', '-n', 'default');
    await kubectl('label', '-f', path, 'c=d', '-n', 'default');
    const image = 'jsonpath={.spec.template.spec.containers[0].image}';
    expect(await kubectl('get', '-f', path, '-n', 'default', '-o', image)).toBe('own:3');
    await kubectl('edit', '-f', path, '-n', 'default');
    expect(await kubectl('get', '-f', path, '-n', 'default', '-o', image)).toBe('own:4');
    expect(await kubectl('delete', '-f', path, '-n', 'default')).toContain('deleted');
    expect(await kubectl('get', 'rs', '-n', 'default')).toBe('');
  });

  it('creates what it knows, and is told what it does not', async () => {
    await kubectl('create', 'namespace', 'mine');
    await kubectl('create', 'deployment', 'made', '--image=made:1', '-n', 'mine');
    await kubectl('rollout', 'status', 'deployment', 'made', '-n', 'mine');
    await kubectl('create', 'configmap', 'made', '--from-literal=a=b', '-n', 'mine');
    expect(await kubectl('get', 'cm', 'made', '-n', 'mine', '-o', 'jsonpath={.data.a}')).toBe('b');
    await kubectl('delete', 'namespace', 'mine');
    expect((await refused('get', 'namespace', 'mine')).stderr).toContain('NotFound');
    expect((await refused('get', 'secrets')).stderr).toContain("doesn't have a resource type");
    const path = join(folder, 'odd.json');
    const odd = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'odd' }, dada: {} };
    writeFileSync(path, JSON.stringify(odd));
    expect((await refused('apply', '-f', path)).stderr).toContain('unknown field "dada"');
  });
});
