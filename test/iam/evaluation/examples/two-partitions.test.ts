import { expectAgreement } from '../support/agree.ts';
import { clusterArn, describeCluster, roleArn } from '../support/arns.ts';
import { evaluatedFleet } from '../support/fleet.ts';

const fleet = evaluatedFleet('two-partitions');
const issuer = 'https://oidc.eks.eu-central-1.amazonaws.com/id/EXAMPLE0000000000000000000000TLS';
const issuerCn = 'https://oidc.eks.cn-north-1.amazonaws.com.cn/id/EXAMPLE00000000000000000000TLSCN';
const keys = roleArn('000000000010', 'eks-key-restarter-prd');
const certs = roleArn('000000000010', 'eks-cert-restarter-prd');
const own = roleArn('000000000010', 'eks-key-restarter-prd-target');
const hubCn = roleArn('000000000030', 'key-restarter', 'aws-cn');
const targetCn = roleArn('000000000030', 'eks-key-restarter-cn-prd', 'aws-cn');
const pod = (of: string, name: string) =>
  fleet.webIdentity(of, { issuer, serviceAccount: `platform/${name}` });
expectAgreement('the documents of two-partitions', [
  ['the one service', 'allowed', pod(keys, 'key-restarter')],
  ['the other', 'allowed', pod(certs, 'cert-restarter')],
  ['the one as the other', 'denied', pod(certs, 'key-restarter')],
  ['a target role of the same account', 'allowed', fleet.assumeRole(keys, own)],
  ['the other service to that role', 'denied', fleet.assumeRole(certs, own)],
  [
    'the other service to the one’s target',
    'denied',
    fleet.assumeRole(certs, roleArn('000000000020', 'eks-key-restarter-prd')),
  ],
  [
    'China: the ServiceAccount',
    'allowed',
    fleet.webIdentity(hubCn, { issuer: issuerCn, serviceAccount: 'shared-tools/restarter' }),
  ],
  [
    'China: the other partition’s issuer',
    'denied',
    fleet.webIdentity(hubCn, { issuer, serviceAccount: 'shared-tools/restarter' }),
  ],
  ['China: the target', 'allowed', fleet.assumeRole(hubCn, targetCn)],
  [
    'China: the ARN of the other partition',
    'denied',
    fleet.assumeRole(hubCn, targetCn.replace('aws-cn', 'aws')),
  ],
  [
    'China: a caller of the other partition',
    'denied',
    fleet.assumeRole(hubCn.replace('aws-cn', 'aws'), targetCn),
  ],
  [
    'China: its cluster',
    'allowed',
    fleet.inAccount(
      targetCn,
      describeCluster,
      clusterArn('cn-northwest-1', '000000000030', 'shop-cn', 'aws-cn'),
    ),
  ],
]);
