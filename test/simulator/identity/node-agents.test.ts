import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { kiamOf, kube2iamOf } from '../../../src/simulator/identity/agents-of-cluster.ts';
import { kiam } from '../../../src/simulator/identity/kiam.ts';
import { kube2iam } from '../../../src/simulator/identity/kube2iam.ts';
import { askMetadata } from '../../../src/simulator/identity/metadata-service.ts';
import type { NodeAnswer } from '../../../src/simulator/identity/node-credentials.ts';
import type { World } from '../../../src/simulator/load/world.ts';
import { VirtualClock } from '../../../src/simulator/virtual-clock.ts';
import { allow, hubAccount, hubRole, policy, roleTrust } from '../support/aws.ts';
import { loadFleet, priorState } from '../support/fleet.ts';
import type { Json } from '../support/aws.ts';

const clock = new VirtualClock();
const base = `arn:aws:iam::${hubAccount}:role/`;
const [nodes, server] = [`${base}nodes`, `${base}kiam-server`];
const ec2 = policy({
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com' },
  Action: 'sts:AssumeRole',
});

let world: World;
beforeAll(async () => {
  const prior = priorState() as { accounts: Json[]; clusters: Json[] };
  const roles = [
    { name: 'nodes', trust: ec2, policies: { p: policy(allow('sts:AssumeRole', '*')) } },
    {
      name: 'kiam-server',
      trust: policy(roleTrust(nodes)),
      policies: { p: policy(allow('sts:AssumeRole', '*')) },
    },
  ];
  world = await loadFleet({
    clock,
    prior: {
      ...prior,
      accounts: prior.accounts.map((one) => (one.id === hubAccount ? { ...one, roles } : one)),
      clusters: prior.clusters.map((one) =>
        one.name === 'ci' ? { ...one, nodeRole: nodes } : one,
      ),
    },
    change(files) {
      files[`_iam/${hubAccount}/eks-key-restarter-prd/trust-policy.json`] = policy(
        roleTrust(nodes),
        roleTrust(server),
      );
    },
  });
});
afterAll(() => {
  world.close();
});

const hub = () => {
  const found = world.clusters.get('ci');
  if (!found) throw new Error('no hub');
  return found;
};
const annotate = (annotations: Json): void => {
  hub().kube.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'sts', annotations } });
};
const podWith = (role: string | undefined) => ({
  namespace: 'sts',
  name: 'job',
  uid: 'u',
  serviceAccount: 'key-restarter',
  annotations: (role === undefined ? {} : { 'iam.amazonaws.com/role': role }) as Record<
    string,
    string
  >,
});
/** `200`, or the status with the text. */
const said = ({ status, body }: NodeAnswer): string =>
  status === 200 ? '200' : `${status} ${body.trim()}`;

describe('kiam', () => {
  const forbidden = '500 error fetching credentials: forbidden by policy';
  const quoted = hubRole.replaceAll('.', '\\.');
  const name = 'eks-key-restarter-prd';

  it.each<['v3' | 'v4', string | undefined, string | undefined, string, string]>([
    ['v4', hubRole, `^(?:${quoted})$`, hubRole, '200'],
    ['v4', hubRole, quoted, hubRole, '200'],
    ['v4', hubRole, '.*', hubRole, '200'],
    ['v4', name, quoted, name, '200'],
    ['v4', `/${name}`, quoted, name, '200'],
    // The name alone is not the whole ARN.
    ['v4', hubRole, name, hubRole, forbidden],
    // Without a group the anchors bind to one alternative each, and more is let through.
    ['v4', hubRole, `another|${name}`, hubRole, '200'],
    ['v4', hubRole, `(?:another|${name})`, hubRole, forbidden],
    ['v4', hubRole, undefined, hubRole, forbidden],
    ['v4', hubRole, '', hubRole, forbidden],
    ['v4', hubRole, '.*', `${base}nodes`, forbidden],
    ['v4', hubRole, '.*', name, '200'],
    ['v4', undefined, '.*', hubRole, "500 error fetching credentials: role can't be empty"],
    [
      'v4',
      hubRole,
      '(',
      hubRole,
      '500 error fetching credentials: rpc error: code = Unknown desc = error parsing regexp: (',
    ],
    // v3 matches what is asked for, as it is asked for, anywhere in it.
    ['v3', name, `^(?:${name})$`, name, '200'],
    ['v3', name, 'restarter', name, '200'],
    ['v3', name, quoted, name, forbidden],
    ['v3', hubRole, `^(?:${name})$`, hubRole, forbidden],
  ])(
    '%s gives a pod of %s, where %s is permitted, for %s: %s',
    (version, own, permitted, asked, expected) => {
      annotate(permitted === undefined ? {} : { 'iam.amazonaws.com/permitted': permitted });
      const settings = { version, serverRole: server, baseArn: base, sessionSeconds: 900 };
      const agent = kiam(world, hub(), podWith(own), settings);
      expect(said(agent.list())).toBe(own === undefined ? '404 empty role' : '200');
      expect(said(agent.credentials(asked))).toBe(expected);
    },
  );

  it("gives the pod's role for as long as its server says, and says what AWS refused", () => {
    annotate({ 'iam.amazonaws.com/permitted': '.*' });
    const settings = {
      version: 'v4',
      serverRole: server,
      baseArn: '',
      sessionSeconds: 900,
    } as const;
    const { body } = kiam(world, hub(), podWith(hubRole), settings).credentials(hubRole);
    const { AccessKeyId, Code, Expiration } = JSON.parse(body) as Record<string, string>;
    expect(Code).toBe('Success');
    expect(Expiration).toBe(new Date(clock.now() + 900_000).toISOString());
    expect(world.sessions.find(AccessKeyId ?? '')).toMatchObject({
      name: 'kiam-kiam',
      role: { arn: hubRole },
    });
    expect(said(kiam(world, hub(), podWith(nodes), settings).credentials(nodes))).toMatch(
      /^500 error fetching credentials: rpc error: code = Unknown desc = AccessDenied: User: .*assumed-role\/kiam-server\/kiam-server is not authorized to perform: sts:AssumeRole/,
    );
    const other = { ...settings, serverRole: hubRole };
    expect(said(kiam(world, hub(), podWith(nodes), other).credentials(nodes))).toMatch(/AccessDen/);
  });
});

describe('kube2iam', () => {
  const list = (...roles: readonly unknown[]) => JSON.stringify(roles);
  const invalid = (role: string) =>
    `404 role requested ${role} not valid for namespace of pod at 10.0.0.1 with namespace sts`;
  const longer = `${hubRole}-admin`;

  it.each<['glob' | 'regexp', string | undefined, string | undefined, string]>([
    ['glob', hubRole, list(hubRole), '200'],
    ['glob', hubRole, list('x', hubRole), '200'],
    ['glob', hubRole, list(`arn:aws:iam::*:role/eks-*-prd`), '200'],
    ['glob', 'eks-key-restarter-prd', list('eks-*'), '200'],
    ['glob', hubRole, list(`${hubRole}?`), invalid(hubRole)],
    ['glob', hubRole, list('arn:*prd*prd'), invalid(hubRole)],
    ['glob', hubRole, list(hubRole.slice(0, -1)), invalid(hubRole)],
    ['glob', hubRole, undefined, invalid(hubRole)],
    ['glob', hubRole, hubRole, invalid(hubRole)],
    ['glob', hubRole, list(7, hubRole), '200'],
    ['glob', hubRole, JSON.stringify({ 0: hubRole }), invalid(hubRole)],
    ['glob', undefined, list(hubRole), '404 unable to find role for IP 10.0.0.1'],
    // Anchored nowhere, and `^arn:` gets the base ARN in front.
    ['regexp', longer, list(hubRole), '200'],
    ['regexp', hubRole, list(`^${hubRole}$`), invalid(hubRole)],
    ['regexp', hubRole, list(`arn:^|^${hubRole}$`), '200'],
    ['regexp', longer, list(`arn:^|^${hubRole}$`), invalid(longer)],
    ['regexp', hubRole, list('('), invalid(hubRole)],
  ])('by %s lets a pod of %s, where %s is allowed: %s', (format, own, allowed, expected) => {
    annotate(allowed === undefined ? {} : { 'iam.amazonaws.com/allowed-roles': allowed });
    const settings = { restricted: true, format, baseArn: base, sessionSeconds: 900 };
    expect(said(kube2iam(world, hub(), podWith(own), settings).list())).toBe(expected);
  });

  it('names the role by what follows its base, and gives that one alone', () => {
    annotate({});
    const settings = {
      restricted: false,
      format: 'glob',
      baseArn: base,
      sessionSeconds: 900,
    } as const;
    const agent = kube2iam(world, hub(), podWith(hubRole), settings);
    expect(agent.list().body).toBe('eks-key-restarter-prd');
    const { AccessKeyId, Expiration } = JSON.parse(agent.credentials(hubRole).body) as Json;
    expect(Expiration).toBe(new Date(clock.now() + 1_800_000).toISOString());
    expect(world.sessions.find(String(AccessKeyId))).toMatchObject({ role: { arn: hubRole } });
    expect(said(agent.credentials('nodes'))).toBe('403 Invalid role nodes');
  });

  it('says what AWS refused, as of a session of more than an hour', () => {
    const settings = {
      restricted: false,
      format: 'glob',
      baseArn: '',
      sessionSeconds: 900,
    } as const;
    expect(said(kube2iam(world, hub(), podWith(server), settings).credentials(server))).toBe('200');
    const long = { ...settings, sessionSeconds: 1801 };
    expect(said(kube2iam(world, hub(), podWith(hubRole), long).credentials(hubRole))).toMatch(
      /^500 operation error STS: AssumeRole, .* api error ValidationError: .*1 hour session limit/,
    );
  });
});

describe('the address of the metadata service', () => {
  const path = '/latest/meta-data/iam/security-credentials/';
  const ask = (asked: string, method = 'GET') =>
    askMetadata(world, hub(), podWith(hubRole), { method, path: asked });

  it("is the node's own where no agent stands before it", () => {
    expect(ask(path)).toMatchObject({ status: 200, body: 'nodes' });
    const { AccessKeyId } = JSON.parse(ask(`${path}nodes`).body) as Json;
    expect(world.sessions.find(String(AccessKeyId))).toMatchObject({ role: { arn: nodes } });
    expect(ask(`${path}kiam-server`).status).toBe(404);
    expect(ask('/latest/api/token', 'PUT').status).toBe(200);
    expect(ask('/latest/meta-data/instance-id').status).toBe(404);
  });

  it('has nothing on a node without a role', () => {
    const cluster = { ...hub(), nodes: {} };
    const answer = askMetadata(world, cluster, podWith(hubRole), { method: 'GET', path });
    expect(answer.status).toBe(404);
  });
});

describe('the agents of a cluster', () => {
  const daemonSet = (image: string, args: readonly string[]) => ({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'x' },
    spec: { template: { spec: { containers: [{ image, args }] } } },
  });
  const server3 = daemonSet('quay.io/uswitch/kiam:v3.6', [
    `--assume-role-arn=${server}`,
    '--session-duration=20m',
  ]);
  const agent3 = daemonSet('quay.io/uswitch/kiam:v3.6', [
    '--host-interface=eni+',
    '--server-address=x:443',
  ]);

  it('are those whose DaemonSets are there', () => {
    expect(kiamOf({ ...hub(), manifests: [server3, agent3] })).toEqual({
      version: 'v3',
      serverRole: server,
      baseArn: '',
      sessionSeconds: 1200,
    });
    expect(kiamOf({ ...hub(), manifests: [server3] })).toBeUndefined();
    const own = daemonSet('jtblin/kube2iam:0.13.0', ['--iam-role-session-ttl=450s']);
    expect(kube2iamOf({ ...hub(), manifests: [own] })).toEqual({
      restricted: false,
      format: 'glob',
      baseArn: '',
      sessionSeconds: 450,
    });
    expect(kube2iamOf({ ...hub(), manifests: [server3, agent3] })).toBeUndefined();
  });
});
