import { expectAgreement } from '../support/agree.ts';
import { clusterArn, describeCluster, roleArn } from '../support/arns.ts';
import { evaluatedFleet } from '../support/fleet.ts';

const fleet = evaluatedFleet('seed-003');
const issuer = 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E';
const hub = roleArn('350842811077', 'ci-account-iam-role');
const target = (account: string): string => roleArn(account, 'target-account-iam-role');
const pod = (serviceAccount: string) => fleet.webIdentity(hub, { issuer, serviceAccount });
expectAgreement('the documents of seed-003', [
  ['the ServiceAccount', 'allowed', pod('ci-namespace/ci-serviceaccount')],
  ['the namespace’s default', 'denied', pod('ci-namespace/default')],
  ['development', 'allowed', fleet.assumeRole(hub, target('111122223333'))],
  ['staging', 'allowed', fleet.assumeRole(hub, target('444455556666'))],
  ['production', 'allowed', fleet.assumeRole(hub, target('777788889999'))],
  [
    'from account to account',
    'denied',
    fleet.assumeRole(target('111122223333'), target('777788889999')),
  ],
  ['an account that is not of the fleet', 'denied', fleet.assumeRole(hub, target('350842811077'))],
  [
    'its cluster',
    'allowed',
    fleet.inAccount(
      target('777788889999'),
      describeCluster,
      clusterArn('eu-west-1', '777788889999', 'prd'),
    ),
  ],
  [
    'the staging role: production’s cluster',
    'denied',
    fleet.inAccount(
      target('444455556666'),
      describeCluster,
      clusterArn('eu-west-1', '777788889999', 'prd'),
    ),
  ],
]);
