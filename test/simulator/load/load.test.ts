import { describe, expect, it } from '@jest/globals';
import { readMapRolesText } from '../../../src/simulator/load/aws-auth-config-map.ts';
import { checkPriorState, parsePriorState } from '../../../src/simulator/load/prior-state.ts';
import { hubAccount, hubRole, policy, roleTrust } from '../support/aws.ts';
import type { Json } from '../support/aws.ts';
import { appendAwsAuth, loadFleet, priorState } from '../support/fleet.ts';
import type { FleetOptions, OutputFiles } from '../support/fleet.ts';

const order = '_iam/apply-order.json';
const golf = '_iam/508208880112/sts-prd-js-encryption-role';

interface ApplyOrder {
  steps: { step: number; action: string; arn: string; role: string; file: string }[];
}

describe('the world loaded', () => {
  it('has the prior state and the output on top of it', async () => {
    const world = await loadFleet();
    expect([...world.clusters.keys()]).toEqual(['ci', 'golf-prd', 'hotel-prd']);
    const target = world.iam.role('arn:aws:iam::508208880112:role/sts-prd-js-encryption-role');
    expect(target?.trust.map(({ principals }) => principals)).toEqual([
      { aws: [], federated: [], service: ['ec2.amazonaws.com'] },
      { aws: [hubRole], federated: [], service: [] },
    ]);
    const kube = world.clusters.get('golf-prd')?.kube;
    expect(kube && readMapRolesText(kube)).toMatch(/^# nodes\n[^]*role\/nodes[^]*username: sts\n/);
    expect(kube?.read('ConfigMap', 'kube-system', 'aws-auth')).toMatchObject({
      data: { mapUsers: '[]' },
    });
    expect(kube?.read('Deployment', 'sts', 'encrypter')).toBeDefined();
    expect(kube?.read('RoleBinding', 'sts', 'key-restarter')).toBeDefined();
  });

  it('has the other kinds of workloads of its prior state', async () => {
    const prior = priorState();
    const web = { namespace: 'sts', name: 'db', failing: 'crashLoop' };
    const clusters = (prior.clusters as Json[]).map((one) =>
      one.name === 'golf-prd'
        ? {
            ...one,
            statefulSets: [{ ...web, partition: 1 }],
            daemonSets: [{ ...web, updateStrategy: 'OnDelete' }],
            rollouts: [web],
            nodes: 2,
          }
        : one,
    );
    const world = await loadFleet({ prior: { ...prior, clusters } });
    const read = (kind: string) => world.clusters.get('golf-prd')?.kube.read(kind, 'sts', 'db');
    expect(read('StatefulSet')).toMatchObject({
      spec: { updateStrategy: { rollingUpdate: { partition: 1 } } },
      status: { readyReplicas: 1 },
    });
    expect(read('DaemonSet')).toMatchObject({
      spec: { updateStrategy: { type: 'OnDelete' } },
      status: { numberAvailable: 2 },
    });
    expect(read('Rollout')).toMatchObject({ status: { phase: 'Healthy' } });
    expect(world.clusters.get('ci')?.kube.read('Rollout', 'sts', 'db')).toBeUndefined();
  });

  it('gives the same keys for the same seed', async () => {
    const keys = async () => (await loadFleet()).iam.roles().map(({ id }) => id);
    const first = await keys();
    expect(first).toEqual(await keys());
    expect(new Set(first).size).toBe(3);
  });
});

describe('output that a real apply would refuse', () => {
  const steps = (change: (order: ApplyOrder) => void) => (files: OutputFiles) => {
    change(files[order] as ApplyOrder);
  };
  const set = (file: string, content: unknown) => (files: OutputFiles) => {
    files[file] = content;
  };
  const withPrior = (over: Json): FleetOptions => ({ prior: { ...priorState(), ...over } });

  it.each<[string, FleetOptions, RegExp]>([
    [
      'a trust before the role that it names',
      {
        change: steps((whole) => {
          const first = whole.steps.splice(0, 2);
          whole.steps.push(...first.map((one) => ({ ...one, step: one.step + 100 })));
        }),
      },
      /step 3 \(add-trust-statements, .*: MalformedPolicyDocument: Invalid principal in policy: "AWS":"arn:aws:iam::903716715040:role\/eks-key-restarter-prd"/,
    ],
    [
      'statements for a role that the prior state lacks',
      withPrior({ accounts: [hubAccount, '508208880112', '214365870921'].map((id) => ({ id })) }),
      /step 3 \(add-trust-statements.*NoSuchEntity: The role with name sts-prd-js-encryption-role cannot be found/,
    ],
    [
      'a step in an account that is not declared',
      withPrior({
        accounts: [{ id: hubAccount }],
        clusters: [{ name: 'ci', account: hubAccount, region: 'eu-west-1' }],
      }),
      /golf-prd: the prior state has no such cluster, but ci; declare it under clusters/,
    ],
    [
      'a malformed policy',
      { change: set(`${golf}/trust-policy.json`, policy({ Effect: 'Allow' })) },
      /step 3 .*MalformedPolicyDocument/,
    ],
    [
      'a trust with a resource',
      { change: set(`${golf}/trust-policy.json`, policy(roleTrust(hubRole, { Resource: '*' }))) },
      /prohibited field Resource/,
    ],
    [
      'JSON that does not parse',
      { change: set(`${golf}/permissions.json`, '{') },
      /permissions\.json: .*JSON/,
    ],
    [
      'a file that is not there',
      {
        change: steps(({ steps: [first] }) => {
          if (first) first.file = '_iam/none.json';
        }),
      },
      /_iam\/none\.json: ENOENT/,
    ],
    [
      'a file outside',
      {
        change: steps(({ steps: [first] }) => {
          if (first) first.file = '../x.json';
        }),
      },
      /\.\.\/x\.json: not a path inside of the generated folder/,
    ],
    [
      'an ARN of another role',
      {
        change: steps(({ steps: [first] }) => {
          if (first) first.role = 'other';
        }),
      },
      /step 1 .*is not that of 903716715040\/other/,
    ],
    [
      'an unknown action',
      {
        change: steps(({ steps: [first] }) => {
          if (first) first.action = 'attach';
        }),
      },
      /apply-order\.json: .*action/s,
    ],
    [
      'no apply order',
      {
        change: (files) => {
          Reflect.deleteProperty(files, order);
        },
      },
      /apply-order\.json: ENOENT/,
    ],
    [
      'a cluster nobody declared',
      { change: set('lima/lima.k8s.yaml', []) },
      /lima: the prior state has no such cluster/,
    ],
    [
      'YAML that does not parse',
      { change: set('ci/more.k8s.yaml', 'a: [') },
      /ci\/more\.k8s\.yaml: /,
    ],
    [
      'a manifest without a name',
      { change: set('ci/more.k8s.yaml', { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} }) },
      /ci\/more\.k8s\.yaml: .*name/s,
    ],
    [
      'a manifest for a namespace that is not there',
      {
        change: set('ci/more.k8s.yaml', {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'x', namespace: 'lost' },
        }),
      },
      /ci\/ConfigMap\/lost\/x: namespaces "lost" not found/,
    ],
    [
      'a fragment of another form',
      { change: set('_aws-auth/golf-prd.yaml', { kind: 'AwsAuthFragment' }) },
      /_aws-auth\/golf-prd\.yaml: /,
    ],
    [
      'a fragment that does not merge',
      {
        mergeAwsAuth: () => {
          throw new Error('mapRoles is broken');
        },
      },
      /golf-prd\/_aws-auth: mapRoles is broken/,
    ],
  ])('%s', async (_, options, message) => {
    const load = loadFleet(options);
    await expect(load).rejects.toThrow(message);
    await expect(load).rejects.toMatchObject({ name: 'LoadError' });
  });

  it('reads the fragment as it is, whatever else the section holds', async () => {
    const seen: unknown[] = [];
    const mergeAwsAuth: typeof appendAwsAuth = (existing, fragment, section) => {
      seen.push(fragment);
      return appendAwsAuth(existing, fragment, section);
    };
    await loadFleet({ mergeAwsAuth });
    expect(seen).toHaveLength(2);
    expect(seen[0]).toMatchObject({ kind: 'AwsAuthFragment', cluster: 'golf-prd' });
  });
});

describe('a prior state', () => {
  const prior =
    (text: string): (() => unknown) =>
    () =>
      parsePriorState(`apiVersion: rollcall.dev/v1alpha1\nkind: PriorState\n${text}`, 'prior.yaml');
  const cluster = '{name: ci, account: "903716715040", region: eu-west-1';

  it.each<[string, string, RegExp]>([
    [
      'an account id that is a number',
      'accounts: [{id: 903716715040}]\nclusters: []',
      /quoted string of 12 digits/,
    ],
    ['an unknown key', 'accounts: []\nclusters: []\nusers: []', /users/],
    [
      'an account twice',
      'accounts: [{id: "903716715040"}, {id: "903716715040"}]\nclusters: []',
      /declared twice/,
    ],
    [
      'a cluster twice',
      `accounts: [{id: "903716715040"}]\nclusters: [${cluster}}, ${cluster}}]`,
      /declared twice/,
    ],
    [
      'a cluster of an unknown account',
      `accounts: []\nclusters: [${cluster}}]`,
      /cluster ci: its account 903716715040 is not declared/,
    ],
    [
      'a region that is none',
      'accounts: []\nclusters: [{name: ci, account: "903716715040", region: eu-1}]',
      /a region such as/,
    ],
    ['broken YAML', 'accounts: [', /prior\.yaml/],
  ])('with %s is refused', (_, text, message) => {
    expect(prior(text)).toThrow(message);
  });

  it('fills in what is left out', () => {
    const { organization, clusters } = checkPriorState(priorState());
    expect(organization).toBe(true);
    expect(clusters[0]).toMatchObject({ awsAuth: {}, namespaces: [], deployments: [] });
    expect(clusters[1]?.deployments[0]).toMatchObject({ replicas: 1 });
  });
});
