import type { Caller } from '../../../../src/simulator/aws/policy.ts';
import { expectAgreement } from '../support/agree.ts';
import { document, ownContext, sessionOf, userOf } from '../support/scenario.ts';
import type { Json, Scenario } from '../support/scenario.ts';
import { hub, own, alice, clusterArn, both, allow, trusts, asked } from './asked.ts';

const eks = 'eks:DescribeCluster';
const inAccount = (over: Partial<Scenario>): Scenario => ({
  caller: sessionOf(hub),
  action: eks,
  resource: clusterArn,
  context: ownContext(sessionOf(hub)),
  identity: [allow([eks, 'eks:ListClusters'], ['*'])],
  ...over,
});
const bySession = trusts({ AWS: sessionOf(hub).sessionArn }, 'sts:AssumeRole');
const bounded = (trust: Json, caller: Caller): Scenario =>
  asked(caller, trust, {}, { resource: own, identity: [], boundary: allow('s3:*', '*') });

expectAgreement('permissions boundaries', [
  ['allowed by both', 'allowed', inAccount({ boundary: allow('eks:*', '*') })],
  ['not by the boundary', 'denied', inAccount({ boundary: allow('sts:*', '*') })],
  ['by the boundary alone', 'denied', inAccount({ identity: [], boundary: allow('eks:*', '*') })],
  ['on another cluster', 'denied', inAccount({ boundary: allow(eks, `${clusterArn}-2`) })],
  [
    'denied by the boundary',
    'denied',
    inAccount({
      boundary: document(
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: 'eks:*', Resource: '*' },
      ),
    }),
  ],
  [
    'another account’s role, not by the boundary',
    'denied',
    asked(sessionOf(hub), trusts({ AWS: hub }, both), {}, { boundary: allow('s3:*', '*') }),
  ],
  [
    'its account’s role, which names the role',
    'denied',
    bounded(trusts({ AWS: hub }, both), sessionOf(hub)),
  ],
  ['its account’s role, which names the session', 'allowed', bounded(bySession, sessionOf(hub))],
  [
    'its account’s role, which names the user',
    'allowed',
    bounded(trusts({ AWS: alice }, both), userOf(alice)),
  ],
]);
