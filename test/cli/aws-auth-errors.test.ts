import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { awsAuthCodes } from '../../src/aws-auth/codes.ts';
import { intercept } from '../contract/support/intercept.ts';
import { startTarget, type TestTarget } from './support/aws-auth.ts';
import { readFileSync } from 'node:fs';

let target: TestTarget;
beforeAll(async () => {
  target = await startTarget();
});
afterAll(() => target.close());

const arn = 'arn:aws:iam::508208880112:role/sts-prd-js-encryption-role';
const node = `- rolearn: ${arn}\n  username: system:node:{{EC2PrivateDNSName}}\n  groups: [system:nodes]\n`;

interface Case {
  readonly code: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly argv: () => readonly string[];
  readonly place?: RegExp;
  readonly found: RegExp;
  readonly next?: RegExp;
}

/** The kubeconfig of the target, changed. */
function kubeconfig(change: (config: Kubeconfig) => void): string {
  const config = parse(readFileSync(target.hub.kubeconfig, 'utf8')) as Kubeconfig;
  change(config);
  const file = join(target.hub.folder, 'changed');
  writeFileSync(file, stringify(config));
  return file;
}
interface Kubeconfig {
  readonly clusters: { name: string }[];
  readonly contexts: { readonly name: string; readonly context: { cluster: string } }[];
}

/** golf-prd's cluster by another name, as a tool of AWS names it. */
const named = (name: string): string =>
  kubeconfig(({ clusters, contexts }) => {
    for (const one of clusters) if (one.name === 'golf-prd') one.name = name;
    for (const { context } of contexts) if (context.cluster === 'golf-prd') context.cluster = name;
  });

/** A fleet file in which the cluster has an endpoint of its own. */
function withEndpoint(): string {
  const fleet = parse(readFileSync(target.hub.fleetFile, 'utf8')) as {
    readonly clusters: { name: string; connection?: object }[];
  };
  for (const one of fleet.clusters) {
    if (one.name !== 'golf-prd') continue;
    const certificateAuthority = Buffer.from(
      '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n',
    ).toString('base64');
    one.connection = { endpoint: 'https://another.example.com', certificateAuthority };
  }
  const file = join(target.hub.folder, 'endpoint.yaml');
  writeFileSync(file, stringify(fleet));
  return file;
}

const eksArn = (name: string): string => `arn:aws:eks:eu-west-1:508208880112:cluster/${name}`;
const merge = /^context golf-prd, ConfigMap kube-system\/aws-auth, mapRoles$/;
const cases: readonly Case[] = [
  ...['diff', 'apply'].flatMap((command): readonly Case[] => [
    { code: 'aws-auth/unreadable', data: { mapRoles: '- [' }, argv: () => [command], place: merge, found: /mapRoles that can't be read at its line 1/ },
    { code: 'aws-auth/conflict', data: { mapRoles: node }, argv: () => [command], place: merge, found: /someone else’s for .* maps it to user "system:node:/ },
    { code: 'aws-auth/duplicate', data: { mapRoles: node + node }, argv: () => [command], place: merge, found: /more than one/ },
    { code: 'aws-auth/node-role', data: { mapRoles: `# rollcall: fleet grada, ${arn}\n${node}` }, argv: () => [command], place: merge, found: /the nodes’/ },
  ]),
  { code: 'aws-auth/unknown-cluster', argv: () => ['diff', '--cluster', 'golf-prod'], place: /fleet\.yaml$/, found: /no cluster "golf-prod"/, next: /Write golf-prd; for a cluster that has left/ },
  { code: 'aws-auth/wrong-cluster', argv: () => ['apply', '--kubeconfig', named(eksArn('another'))], place: /^context golf-prd$/, found: /a context of arn:aws:eks:.*\/another$/, next: /--context/ },
  { code: 'aws-auth/wrong-cluster', argv: () => ['apply', '--kubeconfig', named('golf-prd-cluster.eu-west-2.eksctl.io')], found: /eu-west-2/ },
  { code: 'aws-auth/wrong-cluster', argv: () => ['undo', '-f', withEndpoint()], found: /a context of https:\/\/127\.0\.0\.1/ },
  { code: 'aws-auth/no-config-map', argv: () => ['diff', '--context', 'ci', '--cluster', 'ci'], place: /^context ci, /, found: /no such ConfigMap/, next: /--create/ },
  { code: 'aws-auth/no-backup', argv: () => ['undo'], found: /no backup/, next: /rollcall aws-auth remove/ },
  { code: 'hub/kubeconfig', argv: () => ['diff', '--context', 'lima'], found: /no context "lima"/, next: /Name cluster golf-prd’s by --context/ },
  { code: 'hub/unauthorized', argv: () => ['apply', '--kubeconfig', kubeconfig(({ contexts }) => { for (const { name, context } of contexts) if (name === 'stranger') context.cluster = 'golf-prd'; }), '--context', 'stranger'], found: /401/, next: /name cluster golf-prd’s context by --context/ },
]; // prettier-ignore

describe('what is wrong is told, and nothing is written', () => {
  it.each(cases.map((one) => [one.code, one] as const))('%s, case %#', async (code, one) => {
    await target.reset(one.data ?? { mapRoles: '' });
    const before = target.live();
    const { code: exit, stdout, stderr } = await target.run(one.argv(), { terminal: true });
    expect([exit, stdout]).toEqual([1, '']);
    const { place = /^/, found, next = /\S/ } = one;
    const parts =
      /^(?<code>[a-z-]+\/\S+)(?: (?<place>.+))?\n {2}found: {4}(?<found>\S.*)\n {2}expected: \S.*\n {2}next: {5}(?<next>\S.*)\n$/.exec(
        stderr,
      );
    expect(parts?.groups ?? stderr).toEqual({
      code,
      place: one.place ? expect.stringMatching(place) : parts?.groups?.place,
      found: expect.stringMatching(found),
      next: expect.stringMatching(next),
    });
    expect(stderr).not.toMatch(/nobody-knows-this-one|authorization|bearer/i);
    expect(target.live()).toEqual(before);
  });

  it.each([
    ['PATCH', ['apply'], { mapRoles: '' }, 'patch'],
    ['POST', ['apply', '--create'], undefined, 'create'],
  ])('a right that is missing only for the write: %s', async (method, argv, data, verb) => {
    await target.reset(data);
    const handle = target.kube.handle.bind(target.kube);
    const body = { kind: 'Status', message: 'configmaps is forbidden' };
    intercept(target.kube, async (request, answer) =>
      request.method === method ? { kind: 'json', status: 403, body } : answer(),
    );
    const { stderr } = await target.run(argv);
    target.kube.handle = handle;
    expect(stderr).toMatch(/^hub\/forbidden /);
    expect(stderr).toContain(`the right to ${verb} configmaps aws-auth in namespace kube-system`);
  });

  it('as data', async () => {
    await target.reset({ mapRoles: '- [' });
    const { code, stdout, stderr } = await target.run(['apply', '-o', 'json']);
    expect([code, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout)).toMatchObject({ errors: [{ code: 'aws-auth/unreadable' }] });
  });

  it('a fleet file that is not sound', async () => {
    const { code, stderr } = await target.run(['diff', '-f', 'examples/broken.yaml']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/errors in examples\/broken\.yaml\n$/);
  });

  it('a context that tells the right cluster by itself passes', async () => {
    await target.reset({ mapRoles: '' });
    for (const name of [eksArn('golf-prd-cluster'), 'golf-prd-cluster.eu-west-1.eksctl.io']) {
      expect((await target.run(['diff', '--kubeconfig', named(name)])).code).toBe(2);
    }
  });
});

it('every code is met here, or where others write in between', () => {
  const elsewhere = [
    'aws-auth/busy',
    'aws-auth/unverified',
    'aws-auth/arn',
    'aws-auth/needs-check',
  ];
  const met = new Set<string>([...cases.map(({ code }) => code), ...elsewhere]);
  expect(awsAuthCodes.filter((code) => !met.has(code))).toEqual([]);
});

it.each([
  [['aws-auth', 'diff'], /required option '--cluster <name>'/],
  [
    ['aws-auth', 'migrate', '--cluster', 'x', '-o', 'xml'],
    /Allowed choices are table, json, yaml, script/,
  ],
])('%j is an error, with what to write', async (argv, said) => {
  const { run } = await import('./support/run.ts');
  const { code, stderr } = await run(argv);
  expect(code).toBe(1);
  expect(stderr).toMatch(said);
});
