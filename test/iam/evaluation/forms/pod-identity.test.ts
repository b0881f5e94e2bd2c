import type { Caller } from '../../../../src/simulator/aws/policy.ts';
import { expectAgreement } from '../support/agree.ts';
import { sessionOf } from '../support/scenario.ts';
import type { Json, Scenario } from '../support/scenario.ts';
import { hubAccount, hub, clusterArn, both, trusts, asked } from './asked.ts';

const pods: Caller = { kind: 'service', service: 'pods.eks.amazonaws.com' };

const podTags = {
  'aws:RequestTag/eks-cluster-arn': clusterArn,
  'aws:RequestTag/kubernetes-namespace': 'sts',
  'aws:RequestTag/kubernetes-service-account': 'key-restarter',
};
const podContext = {
  ...podTags,
  'aws:SourceAccount': hubAccount,
  'aws:SourceArn': clusterArn,
  'aws:TagKeys': ['eks-cluster-arn', 'kubernetes-namespace', 'kubernetes-service-account'],
  'sts:TransitiveTagKeys': [
    'eks-cluster-arn',
    'kubernetes-namespace',
    'kubernetes-service-account',
  ],
};
const podTrust = (action: string | readonly string[] = both): Json =>
  trusts({ Service: 'pods.eks.amazonaws.com' }, action, {
    StringEquals: { ...podTags, 'aws:SourceAccount': hubAccount },
    ArnEquals: { 'aws:SourceArn': clusterArn },
  });
const pod = (over: Scenario['context'] = {}, trust = podTrust(), action = 'sts:AssumeRole') => ({
  ...asked(pods, trust, { ...podContext, ...over }),
  action,
});
const ecs: Caller = { kind: 'service', service: 'ecs-tasks.amazonaws.com' };

expectAgreement('EKS Pod Identity', [
  ['EKS for the pod', 'allowed', pod()],
  ['the pod’s tags', 'allowed', pod({}, podTrust(), 'sts:TagSession')],
  ['sts:TagSession is missing', 'denied', pod({}, podTrust('sts:AssumeRole'), 'sts:TagSession')],
  ['another namespace', 'denied', pod({ 'aws:RequestTag/kubernetes-namespace': 'default' })],
  [
    'another ServiceAccount',
    'denied',
    pod({ 'aws:RequestTag/kubernetes-service-account': 'default' }),
  ],
  [
    'another cluster',
    'denied',
    pod({
      'aws:SourceArn': `${clusterArn}-2`,
      'aws:RequestTag/eks-cluster-arn': `${clusterArn}-2`,
    }),
  ],
  ['another SourceArn alone', 'denied', pod({ 'aws:SourceArn': `${clusterArn}-2` })],
  ['another SourceAccount', 'denied', pod({ 'aws:SourceAccount': '508208880112' })],
  ['another service', 'denied', asked(ecs, podTrust(), podContext)],
  ['a role in its place', 'denied', asked(sessionOf(hub), podTrust(), podContext)],
  [
    'session tags disabled',
    'denied',
    asked(pods, podTrust(), { 'aws:SourceAccount': hubAccount, 'aws:SourceArn': clusterArn }),
  ],
]);
