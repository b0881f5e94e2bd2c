import { expectAgreement } from '../support/agree.ts';
import { roleArn } from '../support/arns.ts';
import { evaluatedFleet } from '../support/fleet.ts';

const fleet = evaluatedFleet('seed-004');
const prod = '555555555555';
const nodes = roleArn(prod, 'eks-prod-nodes');
const first = roleArn(prod, 'eks-webservice-01-prod');
const second = roleArn(prod, 'eks-webservice-02-prod');
const developers = roleArn(prod, 'eks-developers');
const developersOfDev = roleArn('555555555556', 'eks-developers');
const user = (name: string): string => `arn:aws:iam::${prod}:user/${name}`;
const mfa = { 'aws:MultiFactorAuthPresent': 'true' };
const parameter = (service: string): string =>
  `arn:aws:ssm:us-west-2:${prod}:parameter/${service}/password`;
const read = 'ssm:GetParameter';

expectAgreement('the documents of seed-004', [
  ['the nodes: the one service', 'allowed', fleet.assumeRole(nodes, first)],
  ['the nodes: the other', 'allowed', fleet.assumeRole(nodes, second)],
  ['other nodes', 'denied', fleet.assumeRole(roleArn(prod, 'eks-dev-nodes'), first)],
  ['from service to service', 'denied', fleet.assumeRole(first, second)],
  ['its own parameter', 'allowed', fleet.inAccount(first, read, parameter('webservice-01'))],
  ['the other’s parameter', 'denied', fleet.inAccount(first, read, parameter('webservice-02'))],
  [
    'its objects',
    'allowed',
    fleet.inAccount(first, 's3:GetObject', 'arn:aws:s3:::webservice-01-prod/a'),
  ],
  [
    'those of another environment',
    'denied',
    fleet.inAccount(first, 's3:GetObject', 'arn:aws:s3:::webservice-01-dev/a'),
  ],
  ['a developer with MFA', 'allowed', fleet.asUser(user('ada'), developers, mfa)],
  ['in the other account too', 'allowed', fleet.asUser(user('grace'), developersOfDev, mfa)],
  ['without MFA', 'denied', fleet.asUser(user('ada'), developers)],
  [
    'with a session without MFA',
    'denied',
    fleet.asUser(user('ada'), developersOfDev, { 'aws:MultiFactorAuthPresent': 'false' }),
  ],
  ['another person', 'denied', fleet.asUser(user('alan'), developers, mfa)],
  [
    'a person of that name in the other account',
    'denied',
    fleet.asUser('arn:aws:iam::555555555556:user/ada', developersOfDev, mfa),
  ],
  [
    'a person without a permission, in another account',
    'denied',
    { ...fleet.asUser(user('ada'), developersOfDev, mfa), identity: [] },
  ],
  ['a pod’s role', 'denied', fleet.assumeRole(first, developers, mfa)],
]);
