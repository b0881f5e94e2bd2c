import { expectAgreement } from '../support/agree.ts';
import { clusterArn, describeCluster, roleArn } from '../support/arns.ts';
import { evaluatedFleet } from '../support/fleet.ts';
import { sessionOf, userOf } from '../support/scenario.ts';

const fleet = evaluatedFleet('seed-000');
const issuer = 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E';
const swapped = issuer.replace('oidc.eks.eu-west-1', 'oidc.eu-west-1.eks');
const other = issuer.replace('EXAMPLED', 'EXAMPLEE');
const token = { issuer, serviceAccount: 'sts/key-restarter' };
const hub = roleArn('903716715040', 'eks-key-restarter-prd');
const prd = roleArn('508208880112', 'sts-prd-js-encryption-role');
const pp = roleArn('444455556666', 'sts-pp-js-encryption-role');
const dev = roleArn('111122223333', 'eks-key-restarter-prd');
const id = { 'sts:ExternalId': 'grada-key-restarter' };
const devCluster = clusterArn('eu-west-2', '111122223333', 'golf-dev-cluster');
expectAgreement('the documents of seed-000', [
  ['the ServiceAccount: the hub role', 'allowed', fleet.webIdentity(hub, token)],
  [
    'another ServiceAccount',
    'denied',
    fleet.webIdentity(hub, { ...token, serviceAccount: 'sts/default' }),
  ],
  [
    'another namespace',
    'denied',
    fleet.webIdentity(hub, { ...token, serviceAccount: 'sts-2/key-restarter' }),
  ],
  [
    'its name in another case',
    'denied',
    fleet.webIdentity(hub, { ...token, serviceAccount: 'sts/Key-Restarter' }),
  ],
  [
    'a name that begins so',
    'denied',
    fleet.webIdentity(hub, { ...token, serviceAccount: 'sts/key-restarter-2' }),
  ],
  [
    'another audience',
    'denied',
    fleet.webIdentity(hub, { ...token, audience: 'sts.amazonaws.com.cn' }),
  ],
  ['another cluster’s issuer', 'denied', fleet.webIdentity(hub, { ...token, issuer: other })],
  [
    'an issuer written the other way round',
    'denied',
    fleet.webIdentity(hub, { ...token, issuer: swapped }),
  ],
  [
    'a provider of another account',
    'denied',
    fleet.webIdentity(hub, { ...token, providerAccount: '508208880112' }),
  ],
  ['the token straight to a target', 'denied', fleet.webIdentity(prd, token)],
  ['the hub role: production', 'allowed', fleet.assumeRole(hub, prd)],
  ['the hub role: development', 'allowed', fleet.assumeRole(hub, dev)],
  ['with the external id', 'allowed', fleet.assumeRole(hub, pp, id)],
  ['without the external id', 'denied', fleet.assumeRole(hub, pp)],
  ['another external id', 'denied', fleet.assumeRole(hub, pp, { 'sts:ExternalId': 'grada' })],
  ['an external id nobody asks for', 'allowed', fleet.assumeRole(hub, prd, id)],
  [
    'a target role with a path',
    'denied',
    { ...fleet.assumeRole(hub, prd), resource: prd.replace('role/', 'role/team/') },
  ],
  [
    'a role of its name in another account',
    'denied',
    {
      ...fleet.assumeRole(hub, prd),
      resource: roleArn('444455556666', 'sts-prd-js-encryption-role'),
    },
  ],
  [
    'a role of the hub’s name in another account',
    'denied',
    {
      ...fleet.assumeRole(hub, prd),
      caller: sessionOf(roleArn('444455556666', 'eks-key-restarter-prd')),
    },
  ],
  [
    'another role of the hub’s account',
    'denied',
    { ...fleet.assumeRole(hub, prd), caller: sessionOf(roleArn('903716715040', 'eks-other-prd')) },
  ],
  [
    'a user of the hub’s account',
    'denied',
    {
      ...fleet.assumeRole(hub, prd),
      caller: userOf('arn:aws:iam::903716715040:user/eks-key-restarter-prd'),
    },
  ],
  ['one target role: another', 'denied', fleet.assumeRole(prd, dev)],
  ['a target role back to the hub’s', 'denied', fleet.assumeRole(dev, hub)],
  ['tags for the target', 'denied', { ...fleet.assumeRole(hub, prd), action: 'sts:TagSession' }],
  ['the target: its cluster', 'allowed', fleet.inAccount(dev, describeCluster, devCluster)],
  [
    'another cluster of the account',
    'denied',
    fleet.inAccount(dev, describeCluster, `${devCluster}-2`),
  ],
  [
    'the cluster in another region',
    'denied',
    fleet.inAccount(dev, describeCluster, devCluster.replace('eu-west-2', 'eu-west-1')),
  ],
  ['all clusters', 'denied', fleet.inAccount(dev, 'eks:ListClusters', devCluster)],
  ['changing the cluster', 'denied', fleet.inAccount(dev, 'eks:UpdateClusterConfig', devCluster)],
  [
    'the hub role: its own cluster',
    'denied',
    fleet.inAccount(hub, describeCluster, clusterArn('eu-west-1', '903716715040', 'ci-cluster')),
  ],
]);
