import { describe, expect, it } from '@jest/globals';
import type { PodService } from '../../src/fleet/model.ts';
import { loadFleet } from '../../src/fleet/load.ts';
import { changedIdentity } from './identity-faults.ts';
import { identityFleet } from './identity-fleet.ts';
import { changed, sound, soundFleet } from './support.ts';

const fleet = sound(identityFleet);
const names = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);

function podService(text: string, id: string): PodService {
  const service = sound(text).services.find((one) => one.id === id);
  if (service?.kind !== 'pod') throw new Error(`no service ${id} in a cluster`);
  return service;
}

describe('what the file leaves out', () => {
  it('has its defaults', () => {
    const bare = sound(soundFleet);
    expect(bare.iam).toEqual({ path: '/', tags: {}, sourceIdentity: false, forms: ['json'] });
    expect(bare.users).toEqual([]);
    expect(bare.clusters[2]).toMatchObject({
      existingOidcProviders: [],
      accessControl: 'aws-auth',
      podIdentity: {
        kind: 'irsa',
        hops: 2,
        audience: 'sts.amazonaws.com',
        tokenExpirationSeconds: 86_400,
        regionalEndpoints: true,
        webhook: true,
        sessionSeconds: 3600,
      },
    });
    expect(bare.clusters[2]).not.toHaveProperty('kiam');
    expect(bare.services[0]).toMatchObject({
      existingRole: false,
      awsConfig: false,
      kubeconfig: false,
      policies: [],
    });
  });

  it.each([
    ['irsa', { kind: 'irsa', hops: 2 }],
    ['eks-pod-identity', { kind: 'eks-pod-identity', targetRole: false, sessionTags: true }],
    ['kiam', { kind: 'kiam' }],
    ['{kube2iam: {}}', { kind: 'kube2iam' }],
  ])('podIdentity: %s → %j', (word, identity) => {
    const text = changedIdentity('podIdentity: {kube2iam: {}}', `podIdentity: ${word}`);
    expect(podService(text, 'older').podIdentity).toMatchObject(identity);
  });

  it('says nothing of a move', () => {
    expect(sound(identityFleet).clusters[0]).not.toHaveProperty('migratingFrom');
    expect(podService(identityFleet, 'older')).not.toHaveProperty('migratingFrom');
  });

  it.each([
    ['', 'kiam', 'clusters.0.migratingFrom'],
    [', podIdentity: irsa', undefined, undefined],
    [', podIdentity: irsa, migratingFrom: kube2iam', 'kube2iam', 'services.3.migratingFrom'],
    [', migratingFrom: {irsa: {hops: 1}}', 'irsa', 'services.3.migratingFrom'],
  ])('a service with %j moves with its cluster, or by its own words: %s', (own, from, path) => {
    const text = changed(
      ', podIdentity: {kube2iam: {}}',
      own,
      changedIdentity('podIdentity: irsa', 'podIdentity: irsa\n    migratingFrom: kiam'),
    );
    const { migratingFrom } = podService(text, 'older');
    expect([migratingFrom?.identity.kind, migratingFrom?.path.join('.')]).toEqual([from, path]);
  });

  it('has its defaults in agents and users', () => {
    const text = changedIdentity(
      identityFleet.slice(
        identityFleet.indexOf('        existing: true\n        version'),
        identityFleet.indexOf('  - name: bare'),
      ),
      '        serverRole: server\n        nodeRole: node\n      kube2iam: {nodeRoles: [node]}\n',
    );
    const [hub] = sound(changed('path: /\n', 'path: /team/\n', withEntries(text))).clusters;
    const arn = 'arn:aws:iam::000000000001:role';
    expect(hub).toMatchObject({
      kiam: {
        existing: false,
        version: 'v4',
        namespace: 'kiam',
        serverRoleArn: `${arn}/team/server`,
        existingServerRole: false,
        nodeRoleArn: `${arn}/node`,
        serverNodes: { 'kiam-server': 'true' },
        issuer: 'issuer',
        hostInterface: 'eni+',
        sessionSeconds: 900,
      },
      kube2iam: {
        existing: false,
        namespace: 'kube-system',
        nodeRoleArns: [`${arn}/node`],
        hostInterface: 'eni+',
        format: 'glob',
        sessionSeconds: 900,
      },
    });
    const bare = changedIdentity(
      ', mfa: false, sessionDuration: 2h}\n    username: operators',
      '}\n    #',
    );
    expect(sound(bare).users[2]).toMatchObject({
      username: 'operators',
      breakGlass: false,
      accessPolicies: [],
      principal: { kind: 'role', mfa: true, sessionSeconds: 3600 },
    });
  });
});

/** A path of roles is sound where no cluster maps them by aws-auth. */
const withEntries = (text: string) =>
  changed(
    'labels: {env: prod, access: auth}',
    'labels: {env: prod, access: auth}\n    accessControl: access-entries',
    text,
  ).replace('groups: ["system:masters"], breakGlass: true', 'groups: []');

describe('a service of several environments', () => {
  const [dev, prd] = fleet.services;

  it('is one in each, with its own id, and `{env}` filled in', () => {
    expect(fleet.services.map(({ id }) => id)).toEqual([
      ...['many-dev', 'many-prd', 'straight', 'carried', 'older', 'outside'],
    ]);
    expect(dev).toMatchObject({
      kind: 'pod',
      env: 'dev',
      path: ['services', 0],
      namespace: 'many-dev',
      serviceAccount: 'runs-dev',
      role: 'many-dev',
      existingRole: true,
      podIdentity: { kind: 'irsa', sessionSeconds: 3600, webhook: false },
      reach: [{ role: 'opened-dev', externalId: 'id:dev', kubernetesUser: 'many:dev' }],
    });
    expect(names(dev?.reach[0]?.clusters ?? [])).toEqual(['apple-dev']);
    expect(fleet.restarts[0]?.service).toBe(dev);
  });

  it('takes from perEnv what differs, and what stands there keeps its place', () => {
    expect(prd).toMatchObject({ namespace: 'production', podIdentity: { kind: 'kiam' } });
    const text = changedIdentity(
      'prd: {podIdentity',
      'prd: {reach: [{clusters: [berry-prd], policies: [{actions: ["s3:*"], resources: ["*"]}]}], podIdentity',
    );
    const [reach] = podService(text, 'many-prd').reach;
    const path = ['services', 0, 'perEnv', 'prd', 'reach', 0];
    expect(reach).toMatchObject({
      path,
      role: 'eks-many-prd',
      policies: [{ path: [...path, 'policies', 0] }],
    });
    const result = loadFleet(text, 'fleet.yaml');
    if (result.kind !== 'fleet') throw new Error('not a fleet');
    const problem = { code: 'x/y', found: '', expected: '', next: '' };
    const { source, column } = result.locate({ ...problem, path: [...path, 'clusters'] });
    expect(source.slice(column - 1)).toMatch(/^\[berry-prd\]/);
  });

  it('keeps its statements as they are, with one form for their values', () => {
    expect(dev?.policies).toEqual([
      {
        path: ['services', 0, 'policies', 0],
        actions: ['s3:List*', 's3:GetObject'],
        resources: [
          'arn:{partition}:s3:::keys-{env}',
          'arn:{partition}:s3:::keys-{env}/${aws:username}/*',
        ],
        conditions: {
          StringEquals: { 'aws:SourceVpc': ['vpc-1'], 's3:prefix': ['{env}/', 'x'] },
          Bool: { 'aws:SecureTransport': ['true'] },
        },
        reason: 'objects have many names',
      },
    ]);
  });

  it('has a fault that all share said once', () => {
    const text = changedIdentity('cluster: hub\n', 'cluster: hbu\n');
    const result = loadFleet(text, 'fleet.yaml');
    expect(result.kind === 'invalid' && result.diagnostics.map(({ found }) => found)).toEqual([
      'the cluster "hbu"',
    ]);
  });
});

it('a principal outside of Kubernetes is a role of an account, always someone else’s', () => {
  expect(fleet.services.at(-1)).toMatchObject({
    kind: 'outside',
    account: { name: 'tools', partition: 'aws' },
    partition: 'aws',
    role: 'lambda-role',
    existingRole: true,
    reach: [{ clusters: [{ name: 'berry-prd' }] }],
  });
});

it('an account’s partition is that of its clusters, aws without any', () => {
  const text = changed('region: us-gov-west-1', 'region: eu-west-1').replaceAll(
    'eu-west-1',
    'cn-north-1',
  );
  const partitions = sound(changed('  golf:', '  spare: "000000000009"\n  golf:', text)).accounts;
  expect(partitions.map(({ name, partition }) => [name, partition])).toEqual([
    ['cranberry', 'aws-cn'],
    ['spare', 'aws'],
    ['golf', 'aws-cn'],
  ]);
});

it('users select clusters, hubs too, and have what the file says', () => {
  const [admin, single, operators] = fleet.users;
  expect(admin).toMatchObject({ path: ['users', 0], breakGlass: true, groups: ['system:masters'] });
  expect(single?.accessPolicies).toEqual([
    { policy: 'AmazonEKSViewPolicy', namespaces: ['web'] },
    { policy: 'AmazonEKSEditPolicy', namespaces: [] },
  ]);
  expect(operators?.principal).toMatchObject({ kind: 'role', mfa: false, sessionSeconds: 7200 });
  expect(operators?.rights).toEqual([
    { kind: 'level', level: 'view', namespaces: ['web', 'shop'] },
    { kind: 'level', level: 'edit', namespaces: [] },
    {
      kind: 'rules',
      name: 'pods',
      rules: [
        {
          groups: ['', 'apps'],
          resources: ['pods', 'pods/log'],
          verbs: ['get', '*'],
          names: ['a:b'],
        },
      ],
      namespaces: ['web'],
    },
  ]);
  const all = changedIdentity('clusters: [apple-dev, berry-prd]', 'clusters: {}');
  expect(names(sound(all).users[2]?.clusters ?? [])).toEqual(names(fleet.clusters));
});
