import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { startTarget, type TestTarget } from './support/aws-auth.ts';

let target: TestTarget;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.close());

const entry = (arn: string): string =>
  `# rollcall: fleet grada, ${arn}\n- rolearn: "${arn}"\n  username: "sts"\n  groups: []\n`;
const nodes = `- rolearn: arn:aws:iam::508208880112:role/node
  username: system:node:{{EC2PrivateDNSName}}
  groups: [system:bootstrappers, system:nodes]
`;
/** What stands in golf-prd, to which every context here leads. */
const ofPrd = nodes + entry('arn:aws:iam::508208880112:role/sts-prd-js-encryption-role');
const renamed = nodes + entry('arn:aws:iam::508208880112:role/another-name');
const ofLeft = nodes + entry('arn:aws:iam::777788889999:role/left');
const commands = ['diff', 'apply', 'undo', 'remove', 'migrate'];

interface Config {
  readonly clusters: { name: string; readonly cluster: { readonly server: string } }[];
  readonly contexts: { name: string; readonly context: { cluster: string } }[];
  'current-context': string;
}

/** The way to golf-prd by these names; it is the current context. */
function lead(context: string, cluster: string): readonly string[] {
  const config = parse(readFileSync(target.hub.kubeconfig, 'utf8')) as Config;
  for (const one of config.clusters) if (one.name === 'golf-prd') one.name = cluster;
  for (const one of config.contexts) {
    if (one.name !== 'golf-prd') continue;
    one.name = context;
    one.context.cluster = cluster;
  }
  config['current-context'] = context;
  const file = join(target.hub.folder, 'leads');
  writeFileSync(file, stringify(config));
  return ['--kubeconfig', file, '--context', context];
}

interface FleetFile {
  clusters: { name: string; connection?: object }[];
  readonly services: { reach: { clusters: { env: string } }[] }[];
  readonly restarts: { strategy: { readonly waves: object[] } }[];
}

function fleetFile(change: (fleet: FleetFile) => void): readonly string[] {
  const fleet = parse(readFileSync(target.hub.fleetFile, 'utf8')) as FleetFile;
  change(fleet);
  const file = join(target.hub.folder, 'changed.yaml');
  writeFileSync(file, stringify(fleet));
  return ['-f', file];
}

/** The fleet file after golf-prd has left it. */
const withoutPrd = (): readonly string[] =>
  fleetFile((fleet) => {
    fleet.clusters = fleet.clusters.filter(({ name }) => name !== 'golf-prd');
    // The last wave was golf-prd’s.
    for (const { strategy } of fleet.restarts) strategy.waves.pop();
    for (const service of fleet.services) {
      service.reach = service.reach.filter(({ clusters }) => clusters.env !== 'prd');
    }
  });

/** Fails where anything but a refusal comes, or where something is written. */
async function expectRefusal(argv: readonly string[], found: RegExp): Promise<void> {
  const stored = target.live();
  const { code, stdout, stderr } = await target.run(argv);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^aws-auth\/wrong-cluster context /);
  expect(stderr).toMatch(found);
  expect(stderr).toMatch(/\n {2}next: {5}Name the cluster’s own context by --context\./);
  expect(target.live()).toEqual(stored);
}

const arnOf = (name: string): string => `arn:aws:eks:eu-west-1:508208880112:cluster/${name}`;
const ofGolfPrd = [
  ['golf-prd', 'golf-prd'],
  ['golf-prd', 'x'],
  ['x', 'golf-prd'],
  ['x', 'golf-prd-cluster'],
  ['x', arnOf('golf-prd-cluster')],
  ['admin@x', 'golf-prd-cluster.eu-west-1.eksctl.io'],
] as const;

describe('a context that is named as another cluster of the fleet', () => {
  it.each(commands)('is refused by %s', async (command) => {
    await target.reset({ mapRoles: '' });
    await expectRefusal(
      [command, '--cluster', 'golf-dev', ...lead('golf-prd', 'golf-prd')],
      /found: {4}a context of golf-prd, which is cluster golf-prd in the fleet file\n {2}expected: cluster golf-dev\n/,
    );
  });

  it.each(ofGolfPrd)('context %s of %s', async (context, cluster) => {
    await target.reset({ mapRoles: '' });
    for (const command of ['apply', 'remove']) {
      const way = lead(context, cluster);
      await expectRefusal([command, '--cluster', 'golf-dev', ...way], /a context of /);
    }
    const own = await target.run(['apply', '--dry-run', ...lead(context, cluster)]);
    expect(own.code).toBe(0);
  });

  it('is not by a name that this cluster has too', async () => {
    await target.reset({ mapRoles: '' });
    const shared = fleetFile(({ clusters }) => {
      for (const one of clusters) Object.assign(one, { eksCluster: 'main' });
    });
    const way = [...shared, ...lead('main', 'main')];
    expect((await target.run(['apply', '--dry-run', ...way])).code).toBe(0);
    // It tells nothing: what stands there does.
    await target.reset({ mapRoles: ofPrd });
    await expectRefusal(['apply', '--cluster', 'golf-dev', ...way], /which is cluster golf-prd’s/);
  });

  it('is known by the endpoint in the fleet file', async () => {
    await target.reset({ mapRoles: '' });
    const way = lead('x', 'x');
    const config = parse(readFileSync(way[1] ?? '', 'utf8')) as Config;
    const endpoint = config.clusters.find(({ name }) => name === 'x')?.cluster.server;
    const pem = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';
    const certificateAuthority = Buffer.from(pem).toString('base64');
    const file = fleetFile(({ clusters }) => {
      for (const one of clusters) {
        if (one.name === 'golf-prd') one.connection = { endpoint, certificateAuthority };
      }
    });
    const argv = ['apply', '--cluster', 'golf-dev', ...file, ...way];
    await expectRefusal(argv, /a context of https:\S+, which is cluster golf-prd/);
  });
});

describe('a context whose name says nothing', () => {
  it.each(commands)('is refused by %s where another cluster’s entries stand', async (command) => {
    await target.reset({ mapRoles: ofPrd });
    await expectRefusal(
      [command, '--cluster', 'golf-dev', ...lead('work', 'work')],
      /found: {4}the fleet’s entry for \S+sts-prd-js-encryption-role, which is cluster golf-prd’s\n {2}expected: entries of cluster golf-dev\n/,
    );
  });

  it('nor where it is the current one', async () => {
    await target.reset({ mapRoles: ofPrd });
    const [, file = ''] = lead('work', 'work');
    const { run } = await import('./support/run.ts');
    const argv = ['--cluster', 'golf-dev', '-f', target.hub.fleetFile, '--kubeconfig', file];
    const { code, stderr } = await run(['aws-auth', 'apply', ...argv]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^aws-auth\/wrong-cluster /)]);
    expect(target.live()?.data).toEqual({ mapRoles: ofPrd });
  });

  it.each([
    ['entries of its own', ofPrd],
    ['a role that was renamed', renamed],
    ['no entry of ours', nodes],
  ])('passes with %s', async (_, mapRoles) => {
    await target.reset({ mapRoles });
    const { code } = await target.run(['apply', ...lead('work', 'work')]);
    expect([code, target.live()?.data]).toEqual([0, { mapRoles: ofPrd }]);
  });

  it('may be mended by a context that says so', async () => {
    await target.reset({ mapRoles: nodes + entry('arn:aws:iam::111122223333:role/of-dev') });
    await expectRefusal(['apply', ...lead('work', 'work')], /which is cluster golf-dev’s/);
    const { code } = await target.run(['apply', ...lead('work', arnOf('golf-prd-cluster'))]);
    expect([code, target.live()?.data]).toEqual([0, { mapRoles: ofPrd }]);
  });
});

describe('a cluster that has left the fleet file', () => {
  it.each([
    ['golf-prd', 'golf-prd'],
    ['work', 'work'],
    ['work', arnOf('golf-prd-cluster')],
  ])('is left by remove, and undo takes that back: context %s of %s', async (context, cluster) => {
    await target.reset({ mapRoles: ofPrd });
    const way = [...withoutPrd(), ...lead(context, cluster)];
    const { code, stderr } = await target.run(['remove', ...way]);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/Taken out, and read back/)]);
    expect(target.live()?.data).toEqual({ mapRoles: nodes });
    expect((await target.run(['undo', ...way])).code).toBe(0);
    expect(target.live()?.data).toEqual({ mapRoles: ofPrd });
  });

  it('needs its context by name', async () => {
    await target.reset({ mapRoles: ofPrd });
    const [, file = ''] = lead('golf-prd', 'golf-prd');
    const { run } = await import('./support/run.ts');
    const argv = ['--cluster', 'golf-prd', ...withoutPrd(), '--kubeconfig', file];
    for (const command of commands) {
      const { code, stderr } = await run(['aws-auth', command, ...argv]);
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(
          /^aws-auth\/unknown-cluster [^]*; for a cluster that has left the file: rollcall aws-auth remove --cluster golf-prd --context …\n$/,
        ),
      ]);
    }
    expect(target.live()?.data).toEqual({ mapRoles: ofPrd });
  });

  it.each(['diff', 'apply', 'migrate'])('is unknown to %s', async (command) => {
    const { code, stderr } = await target.run([command, ...withoutPrd()]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^aws-auth\/unknown-cluster /)]);
  });

  it.each(ofGolfPrd)('is not meant by another’s context: %s of %s', async (context, cluster) => {
    await target.reset({ mapRoles: ofLeft });
    await expectRefusal(
      ['remove', '--cluster', 'left', ...lead(context, cluster)],
      /which is cluster golf-prd in the fleet file\n {2}expected: cluster left, which has left the fleet file\n/,
    );
  });

  it('is not meant where a cluster’s entries stand that is still there', async () => {
    await target.reset({
      mapRoles: ofLeft + entry('arn:aws:iam::508208880112:role/sts-prd-js-encryption-role'),
    });
    const argv = ['--cluster', 'golf-pdr', ...lead('work', 'work')];
    await expectRefusal(['remove', ...argv], /which is cluster golf-prd’s/);
    await expectRefusal(['undo', ...argv], /which is cluster golf-prd’s/);
  });

  it.each([
    ['left', 'x'],
    ['x', arnOf('left')],
  ])('may have handed its role over: context %s of %s', async (context, cluster) => {
    await target.reset({ mapRoles: ofPrd });
    const { code } = await target.run(['remove', '--cluster', 'left', ...lead(context, cluster)]);
    expect([code, target.live()?.data]).toEqual([0, { mapRoles: nodes }]);
  });

  it('has a name that a cluster can have', async () => {
    const { code, stderr } = await target.run(['remove', '--cluster', "it's", ...lead('w', 'w')]);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/--cluster 'it'\\''s' --context …/)]);
  });
});
