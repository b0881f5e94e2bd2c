import { admin, golf, hub, one, type Parts } from './parts.ts';

export type Case = readonly [
  what: string,
  parts: Parts,
  found: readonly (readonly [string, string])[],
];

export const user = (more: object): Parts => ({
  users: [{ name: 'ann', arn: admin, clusters: ['golf'], ...more }],
});
export const entries = [hub, { ...golf, accessControl: 'access-entries' }];

const boss = 'arn:aws:iam::000000000002:user/boss';
const pair = (first: string, second: string, more: object = {}, ann: object = {}): Parts => ({
  users: [
    { name: 'ann', arn: admin, username: first, groups: ['people'], clusters: ['golf'], ...ann },
    { name: 'bob', arn: boss, username: second, groups: ['people'], clusters: ['golf'], ...more },
  ],
});
const sharedName = [['finding/shared-username', 'users.1']] as const;
const pem = ['-----BEGIN CERTIFICATE-----', 'QQ==', '-----END CERTIFICATE-----', ''].join('\n');
const certificateAuthority = Buffer.from(pem).toString('base64');
const connection = { endpoint: 'https://golf.example.com', certificateAuthority };
const connected = { ...golf, connection };

const ofIdentityCenter = (path: string): Parts =>
  user({
    arn: `arn:aws:iam::000000000002:role/${path}AWSReservedSSO_Admins_0123456789abcdef`,
    rights: [{ level: 'view' }],
  });

/** What a fleet asks of its clusters, and what is found of it. */
export const findingsInClusters: readonly Case[] = [
  ['a name for two', pair('ops', 'ops'), sharedName],
  ['a name that a session can take', pair('ops:{{SessionName}}', 'ops:bob'), sharedName],
  ['a template for two: sessions tell', pair('ops:{{SessionName}}', 'ops:{{SessionName}}'), []],
  ['one by its account alone', pair('ops:{{AccountID}}', 'ops:{{AccountID}}'), sharedName],
  [
    'the same of two accounts',
    pair('ops:{{AccountID}}', 'ops:{{AccountID}}', { arn: 'arn:aws:iam::000000000001:user/boss' }),
    [],
  ],
  [
    'sessions of two users, who have none',
    pair(
      'ops:{{SessionName}}',
      'ops:{{SessionName}}',
      {},
      { arn: 'arn:aws:iam::000000000002:user/ann' },
    ),
    sharedName,
  ],
  ['keys', pair('ops:{{AccessKeyID}}', 'ops:{{AccessKeyID}}'), []],
  ['a name for two in two clusters', pair('ops', 'ops', { clusters: ['golf2'] }), []],
  ['a name that stands in another', pair('ops', 'ops2'), []],
  ['a name for two, by entries', { clusters: entries, ...pair('ops', 'ops') }, sharedName],
  ['nothing', user({}), [['finding/no-rights', 'users.0']]],
  ['nothing but a name, which others bind', user({ username: 'annie' }), []],
  ['a right', user({ rights: [{ level: 'view' }] }), []],
  ['Identity Center without a path', ofIdentityCenter(''), [['finding/role-path', 'users.0.arn']]],
  ['with its path', ofIdentityCenter('aws-reserved/sso.amazonaws.com/eu-west-1/'), []],
  [
    'an access policy',
    { clusters: entries, ...user({ accessPolicies: [{ policy: 'AmazonEKSViewPolicy' }] }) },
    [],
  ],
  [
    'a kubeconfig of nothing',
    { services: [{ ...one, kubeconfig: true }] },
    [['finding/empty-kubeconfig', 'services.0.kubeconfig']],
  ],
  [
    'a kubeconfig of a cluster',
    {
      clusters: [hub, connected],
      services: [{ ...one, kubeconfig: true, reach: [{ clusters: ['golf'] }] }],
    },
    [],
  ],
];
