import { describe, expect, it } from '@jest/globals';
import { LoadError } from '../../../src/simulator/load/load-error.ts';
import type { World } from '../../../src/simulator/load/world.ts';
import { allow, hubAccount, hubRole, issuer, issuerHost, policy } from '../support/aws.ts';
import type { Json } from '../support/aws.ts';
import {
  appendAwsAuth,
  loadFleet,
  priorState,
  type FleetOptions,
  type OutputFiles,
} from '../support/fleet.ts';

const order = '_iam/apply-order.json';
const hotel = '214365870921';
const targetRole = `arn:aws:iam::${hotel}:role/eks-key-restarter-prd`;
const golfRole = 'arn:aws:iam::508208880112:role/sts-prd-js-encryption-role';

/** Adds steps after the others, with what their files hold. */
const adding =
  (steps: readonly Json[], more: OutputFiles = {}) =>
  (files: OutputFiles): void => {
    const known = files[order] as { steps: Json[] };
    known.steps = [...known.steps, ...steps].map((one, index) => ({ ...one, step: index + 1 }));
    Object.assign(files, more);
  };

const entry = (more: Json = {}): Json => ({
  action: 'create-access-entry',
  account: hotel,
  region: 'eu-west-1',
  cluster: 'hotel-prd-cluster',
  principalArn: targetRole,
  username: 'sts',
  groups: [],
  policies: [],
  ...more,
});
const association = (more: Json = {}): Json => ({
  action: 'create-pod-identity-association',
  account: hubAccount,
  region: 'eu-west-1',
  cluster: 'ci',
  namespace: 'sts',
  serviceAccount: 'key-restarter',
  roleArn: hubRole,
  disableSessionTags: false,
  ...more,
});
const provider = (account: string, clientIds: readonly string[]): Json => ({
  action: 'create-oidc-provider',
  account,
  arn: `arn:aws:iam::${account}:oidc-provider/${issuerHost}`,
  issuer,
  clientIds,
  tags: {},
});

/** The prior state, its clusters with more. */
const priorWith = (cluster: Json, more: Json = {}): unknown => {
  const prior = priorState() as { clusters: Json[] };
  return { ...prior, ...more, clusters: prior.clusters.map((one) => ({ ...one, ...cluster })) };
};
const byApi = priorWith({ authenticationMode: 'API' });
const load = (steps: readonly Json[], options: FleetOptions = {}, more: OutputFiles = {}) =>
  loadFleet({ prior: byApi, ...options, change: adding(steps, more) });
const hubOf = ({ clusters }: World) => clusters.get('ci');

describe('steps at EKS', () => {
  it('make access entries and associations', async () => {
    const world = await load([entry(), association({ targetRoleArn: golfRole })], {
      prior: priorWith({
        authenticationMode: 'API_AND_CONFIG_MAP',
        associationExternalIds: { 'sts/key-restarter': 'given' },
      }),
    });
    expect(world.clusters.get('hotel-prd')?.accessEntries.all()).toEqual([
      { principalArn: targetRole, username: 'sts', groups: [], policies: [] },
    ]);
    expect(hubOf(world)?.associations).toEqual([
      {
        clusterArn: `arn:aws:eks:eu-west-1:${hubAccount}:cluster/ci`,
        namespace: 'sts',
        serviceAccount: 'key-restarter',
        roleArn: hubRole,
        targetRoleArn: golfRole,
        externalId: 'given',
        disableSessionTags: false,
      },
    ]);
  });

  it.each<[string, readonly Json[], RegExp, unknown?]>([
    ['an entry by aws-auth alone', [entry()], /authentication mode must be set/, priorState()],
    ['an entry twice', [entry(), entry()], /ResourceInUseException/],
    [
      'an entry of no cluster',
      [entry({ cluster: 'hotel-prd' })],
      /No cluster found for name: hotel/,
    ],
    ['an entry elsewhere', [entry({ region: 'eu-west-2' })], /No cluster found/],
    ['an entry of no role', [entry({ principalArn: `${targetRole}x` })], /invalid principal/],
    [
      'an entry of a session',
      [entry({ principalArn: `arn:aws:sts::${hotel}:assumed-role/x/y` })],
      /invalid principal/,
    ],
    ['a reserved user', [entry({ username: 'system:sts' })], /reserved prefix/],
    ['a session as a user', [entry({ username: '{{SessionName}}' })], /colon before it/],
    ['a group of the system', [entry({ groups: ['system:masters'] })], /cannot start with system:/],
    ['an association twice', [association(), association()], /Association already exists/],
    ['an association of no role', [association({ roleArn: `${hubRole}x` })], /does not exist/],
    ['a step nobody knows', [{ ...entry(), action: 'delete-cluster' }], /action/],
    ['a step with more', [entry({ force: true })], /force/],
  ])('%s is refused', async (_what, steps, message, prior = byApi) => {
    const loading = load(steps, { prior });
    await expect(loading).rejects.toThrow(LoadError);
    await expect(loading).rejects.toThrow(message);
  });
});

describe('steps at IAM', () => {
  it('make a provider, or tell it the audiences that it lacks', async () => {
    const world = await load([provider(hotel, ['a']), provider(hubAccount, ['b'])]);
    expect(world.iam.provider(hotel, issuer)?.clientIds).toEqual(['a']);
    expect(world.iam.provider(hubAccount, issuer)?.clientIds).toEqual(['sts.amazonaws.com', 'b']);
  });

  it('make roles with a boundary, a length of sessions and managed policies', async () => {
    const arn = `arn:aws:iam::${hotel}:role/team/late`;
    const boundary = `arn:aws:iam::${hotel}:policy/team/boundary`;
    const policyArn = `arn:aws:iam::${hotel}:policy/team/more`;
    const role = { account: hotel, role: 'late', arn, path: '/team/', tags: { team: 'x' } };
    const trust = policy({
      Effect: 'Allow',
      Principal: { AWS: hubRole },
      Action: 'sts:AssumeRole',
    });
    const steps = [
      {
        ...role,
        action: 'create-role',
        file: '_iam/late.json',
        maxSessionSeconds: 7200,
        permissionsBoundary: boundary,
      },
      {
        ...role,
        action: 'attach-managed-policy',
        file: '_iam/more.json',
        policy: 'more',
        policyArn,
      },
    ];
    const prior = priorState() as { accounts: Json[] };
    const document = policy(allow('eks:*', '*'));
    const managedPolicies = [{ name: 'boundary', path: '/team/', document }];
    const accounts = prior.accounts.map((one) =>
      one.id === hotel ? { ...one, managedPolicies, users: [{ name: 'jo' }] } : one,
    );
    const world = await load(
      steps,
      { prior: { ...prior, accounts } },
      { '_iam/late.json': trust, '_iam/more.json': policy(allow('s3:ListBucket', '*')) },
    );
    const made = world.iam.role(arn);
    expect(made?.maxSessionDuration).toBe(7200);
    expect(made?.boundary).toHaveLength(1);
    expect([...(made?.policies.keys() ?? [])]).toEqual([policyArn]);
    expect(made?.tags.get('team')).toBe('x');
  });

  it('refuse a role of someone else whose sessions are too short', async () => {
    const file = '_iam/508208880112/sts-prd-js-encryption-role/trust-policy.json';
    const loading = loadFleet({
      change(files) {
        const { steps } = files[order] as { steps: { file: string; maxSessionSeconds?: number }[] };
        const step = steps.find((one) => one.file === file);
        if (step) step.maxSessionSeconds = 43_200;
      },
    });
    await expect(loading).rejects.toThrow(/sessions last 3600 seconds where 43200 are needed/);
  });
});

describe('what is applied to clusters', () => {
  const namespace = { apiVersion: 'v1', kind: 'Namespace' };

  it('adds to namespaces that are there, and to no others', async () => {
    const adds = (name: string) => ({
      '_namespaces/golf-prd.yaml': { ...namespace, metadata: { name, annotations: { a: 'b' } } },
    });
    const world = await load([], {}, adds('sts'));
    const kube = world.clusters.get('golf-prd')?.kube;
    expect(kube?.read('Namespace', undefined, 'sts')?.metadata.annotations).toEqual({ a: 'b' });
    expect(kube?.read('Deployment', 'sts', 'encrypter')).toBeDefined();
    await expect(load([], {}, adds('lost'))).rejects.toThrow(/there is no namespace lost/);
  });

  it('adds to ServiceAccounts that are there, and to no others', async () => {
    const adds = (name: string) => ({
      '_serviceaccounts/golf-prd.yaml': {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name, namespace: 'sts', annotations: { a: 'b' } },
      },
    });
    const prior = priorState() as { clusters: Json[] };
    const clusters = prior.clusters.map((one) =>
      one.name === 'golf-prd'
        ? { ...one, serviceAccounts: [{ namespace: 'sts', name: 'theirs' }] }
        : one,
    );
    const there = { prior: { ...prior, clusters } };
    const world = await load([], there, adds('theirs'));
    const account = world.clusters.get('golf-prd')?.kube.read('ServiceAccount', 'sts', 'theirs');
    expect(account?.metadata.annotations).toEqual({ a: 'b' });
    await expect(load([], there, adds('lost'))).rejects.toThrow(
      /there is no ServiceAccount sts\/lost/,
    );
  });

  it('leaves out what has no part in it, and nothing else', async () => {
    const at = (apiVersion: string, kind: string, more: Json = {}) => ({
      'ci/more.k8s.yaml': [
        { apiVersion, kind, metadata: { name: 'x', namespace: 'sts', ...more } },
      ],
    });
    const certificate = await load([], {}, at('cert-manager.io/v1', 'Certificate'));
    expect(hubOf(certificate)?.manifests.map(({ kind }) => kind)).toContain('Certificate');
    await load([], {}, at('v1', 'Service'));
    await load([], {}, at('v1', 'Pod', { annotations: { 'helm.sh/hook': 'test' } }));
    await expect(load([], {}, at('cert-manager.io/v1', 'Certificat'))).rejects.toThrow(
      /no matches/,
    );
  });

  it('merges users into their own section, where there are some', async () => {
    const asked: (string | undefined)[][] = [];
    const jo = { userarn: `arn:aws:iam::${hotel}:user/jo`, username: 'jo', groups: ['people'] };
    const world = await loadFleet({
      change(files) {
        files['_aws-auth/hotel-prd.yaml'] = {
          ...(files['_aws-auth/hotel-prd.yaml'] as Json),
          mapUsers: [jo],
        };
      },
      mergeAwsAuth(existing, fragment, section) {
        asked.push([section, existing?.slice(0, 7)]);
        return section === 'mapUsers'
          ? JSON.stringify([jo])
          : appendAwsAuth(existing, fragment, section);
      },
    });
    expect(asked).toEqual([
      ['mapRoles', '# nodes'],
      ['mapRoles', '# nodes'],
      ['mapUsers', '[]'],
    ]);
    const kube = world.clusters.get('hotel-prd')?.kube;
    expect(kube?.read('ConfigMap', 'kube-system', 'aws-auth')).toMatchObject({
      data: { mapUsers: JSON.stringify([jo]) },
    });
  });
});
