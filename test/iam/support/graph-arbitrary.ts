import fc from 'fast-check';
import type {
  AccessEntry,
  AccessGraph,
  ClusterAccess,
  Permission,
  ProviderNode,
  RoleNode,
  Trust,
} from '../../../src/access/graph.ts';
import { iamForms, type Cluster, type IamSettings } from '../../../src/fleet/model.ts';
import {
  oidcProviderArn,
  roleArn,
  type AccountId,
  type Region,
  type RoleName,
} from '../../../src/names/arn.ts';
import { resolveDelivery } from '../../../src/fleet/resolve-delivery.ts';
import { hostile } from './hostile.ts';

const text = fc.oneof(
  fc.constantFrom(...hostile),
  fc
    .array(fc.constantFrom(...hostile), { minLength: 2, maxLength: 3 })
    .map((parts) => parts.join('')),
);
const word = fc.constantFrom('a', 'b-c', 'on', 'null', '012', '1e3');
const printable = fc
  .array(fc.oneof(fc.constantFrom(...hostile), fc.constantFrom('u', '{{SessionName}}')), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.join('').replace(/[^\x21-\x7e]/g, '') || 'u');
const name = fc.constantFrom(
  ...([
    'a',
    'A-b',
    'x.y',
    'x_y',
    'x+y',
    'x=y',
    'x@y',
    'x,y',
    '-x',
    '1',
    'on',
    '_x_y_01234567',
  ] as RoleName[]),
);
const accounts = ['000000000001', '012345678901', '999999999999'] as AccountId[];
const account = fc.constantFrom(...accounts);
const region = fc.constantFrom(...(['eu-west-1', 'us-east-1'] as Region[]));
const issuer = fc.constantFrom('https://oidc.example.com/id/1', 'https://oidc.example.com/id/2');
const arnOf = (id: AccountId, role: RoleName, path = '/') => roleArn('aws', id, role, path);
const anyRole = fc.tuple(account, name).map(([id, role]) => arnOf(id, role));
const clusterArn = fc.constantFrom(
  'arn:aws:eks:eu-west-1:000000000001:cluster/one',
  'arn:aws:eks:us-east-1:012345678901:cluster/two',
);
const podTags = fc.record({ clusterArn, namespace: word, serviceAccount: word });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const without = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;

const trust = (id: AccountId): fc.Arbitrary<Trust> =>
  fc.oneof(
    fc
      .record({ issuer, audience: text, namespace: word, serviceAccount: word })
      .map(({ issuer, audience, namespace, serviceAccount }): Trust => ({
        kind: 'web-identity',
        providerArn: oidcProviderArn('aws', id, issuer),
        issuer,
        audience,
        subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
      })),
    fc
      .record({
        roleArn: anyRole,
        externalId: optional(text),
        podTags: optional(podTags),
        sourceIdentity: optional(word),
      })
      .map((one) => without({ kind: 'role', ...one }) as Trust),
    fc
      .record({ tags: podTags, account, sessionTags: fc.boolean() })
      .map((one): Trust => ({ kind: 'pod-identity', ...one })),
    fc
      .record({ principalArn: anyRole, mfa: fc.boolean() })
      .map((one): Trust => ({ kind: 'people', ...one })),
  );

const conditions = fc.dictionary(
  fc.constantFrom('StringEquals', 'ForAnyValue:StringLike'),
  fc.dictionary(text, fc.array(text, { minLength: 1, maxLength: 2 }), {
    minKeys: 1,
    maxKeys: 2,
    noNullPrototype: true,
  }),
  { maxKeys: 2, noNullPrototype: true },
);
const permission: fc.Arbitrary<Permission> = fc.oneof(
  fc
    .record({ roleArn: anyRole, tagSession: fc.boolean(), setSourceIdentity: fc.boolean() })
    .map((one): Permission => ({ kind: 'assume-role', ...one })),
  clusterArn.map((arn): Permission => ({ kind: 'describe-cluster', clusterArn: arn })),
  fc
    .record({
      actions: fc.uniqueArray(fc.constantFrom('s3:GetObject', 's3:*', 'ssm:Get*'), {
        minLength: 1,
      }),
      resources: fc.oneof(
        fc.uniqueArray(text, { minLength: 1, maxLength: 3 }),
        // As many as take managed policies.
        fc.constant(
          Array.from(
            { length: 300 },
            (_, index) => `arn:aws:s3:::a-bucket-of-some-length-${index}/*`,
          ),
        ),
      ),
      conditions,
    })
    .map((one): Permission => ({ kind: 'asked', ...one })),
);

const role: fc.Arbitrary<RoleNode> = account.chain((id) =>
  fc
    .record({
      name,
      iamPath: fc.constantFrom('/', '/team/'),
      ownership: fc.constantFrom('rollcall', 'existing'),
      trusts: fc.array(trust(id), { minLength: 1, maxLength: 3 }),
      permissions: fc.array(permission, { maxLength: 3 }),
      maxSessionSeconds: fc.constantFrom(3600, 43200),
    })
    .map((one): RoleNode => ({
      ...one,
      arn: arnOf(id, one.name, one.iamPath),
      account: id,
      partition: 'aws',
      path: ['services', 0],
    })),
);

const entry: fc.Arbitrary<AccessEntry> = fc.record({
  principalArn: anyRole,
  username: printable,
  groups: fc.uniqueArray(printable, { maxLength: 2 }),
  policies: fc.uniqueArray(
    fc.record({
      policyArn: fc.constantFrom(
        'arn:aws:eks::aws:cluster-access-policy/A',
        'arn:aws:eks::aws:cluster-access-policy/B',
      ),
      namespaces: fc.uniqueArray(word, { maxLength: 2 }),
    }),
    { maxLength: 2, selector: ({ policyArn }) => policyArn },
  ),
});

const cluster = fc
  .record({
    name: fc.constantFrom('c1', 'c2', 'on'),
    eksCluster: fc.constantFrom('one', 'Two_2'),
    account,
    region,
    entries: fc.uniqueArray(entry, { maxLength: 2, selector: ({ principalArn }) => principalArn }),
    associations: fc.uniqueArray(
      fc
        .record({
          namespace: word,
          serviceAccount: word,
          roleArn: anyRole,
          targetRoleArn: optional(anyRole),
          disableSessionTags: fc.boolean(),
        })
        .map(without),
      {
        maxLength: 2,
        selector: ({ namespace, serviceAccount }) => `${namespace}/${serviceAccount}`,
      },
    ),
    mappings: fc.array(
      fc.record({
        kind: fc.constant('role' as const),
        arn: anyRole,
        username: printable,
        groups: fc.array(printable, { maxLength: 2 }),
      }),
      { maxLength: 2 },
    ),
  })
  .map(({ name, eksCluster, account, region, ...told }): ClusterAccess => ({
    cluster: {
      name,
      eksCluster,
      region,
      account: { name: account, id: account, partition: 'aws' },
      partition: 'aws',
    } as unknown as Cluster,
    namespaces: [],
    pods: [],
    restarts: [],
    grants: [],
    userGrants: [],
    ...(told as Pick<ClusterAccess, 'entries' | 'associations' | 'mappings'>),
  }));

const settings: fc.Arbitrary<IamSettings> = fc
  .record({
    path: fc.constantFrom('/', '/team/'),
    permissionsBoundary: optional(fc.constantFrom('Boundary', '/team/Boundary')),
    tags: fc.dictionary(text, text, { maxKeys: 2, noNullPrototype: true }),
  })
  .map((one) => without({ ...one, sourceIdentity: false, forms: iamForms }) as IamSettings);

/** The providers that the roles trust. */
const providersOf = (roles: readonly RoleNode[]): readonly ProviderNode[] => {
  const providers = new Map<string, ProviderNode>();
  for (const { account, partition, trusts, path } of roles) {
    for (const trust of trusts) {
      if (trust.kind !== 'web-identity') continue;
      const { providerArn: arn, issuer, audience } = trust;
      const clientIds = [...new Set([...(providers.get(arn)?.clientIds ?? []), audience])];
      const ownership = issuer.endsWith('1') ? 'rollcall' : 'existing';
      providers.set(arn, { arn, account, partition, issuer, clientIds, ownership, path });
    }
  }
  return [...providers.values()];
};

/** Graphs of small size, with every kind of node and edge, whose texts are as hostile as can be. */
export const graphs: fc.Arbitrary<AccessGraph> = fc
  .record({
    fleet: fc.constantFrom('f', 'a-b'),
    roles: fc.uniqueArray(role, {
      minLength: 1,
      maxLength: 4,
      selector: ({ account, name }) => `${account}/${name.toLowerCase()}`,
    }),
    clusters: fc.uniqueArray(cluster, {
      maxLength: 3,
      comparator: (a, b) => a.cluster.name === b.cluster.name || placeOf(a) === placeOf(b),
    }),
    iam: settings,
  })
  .map((one) => ({ ...one, providers: providersOf(one.roles), findings: [], delivery }));

const delivery = resolveDelivery({}, 'fleet');

const placeOf = ({ cluster: { account, region, eksCluster } }: ClusterAccess): string =>
  `${account.id}/${region}/${eksCluster}`;
