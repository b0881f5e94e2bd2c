import type { Caller } from '../../../../src/simulator/aws/policy.ts';
import { expectAgreement } from '../support/agree.ts';
import { sessionOf, userOf } from '../support/scenario.ts';
import type { Scenario } from '../support/scenario.ts';
import {
  hubAccount,
  hub,
  neighbour,
  target,
  own,
  root,
  alice,
  both,
  allow,
  trusts,
  asked,
} from './asked.ts';

const chainTrust = trusts({ AWS: root }, both, {
  StringEquals: {
    'sts:ExternalId': 'eu-west-1/ci',
    'aws:PrincipalTag/kubernetes-namespace': 'sts',
  },
  ArnEquals: { 'aws:PrincipalArn': hub },
});
const chained = {
  'sts:ExternalId': 'eu-west-1/ci',
  'aws:PrincipalTag/kubernetes-namespace': 'sts',
};
const chain = (over: Scenario['context'] = {}, caller: Caller = sessionOf(hub)) =>
  asked(caller, chainTrust, { ...chained, ...over });

expectAgreement('an account root held to a role', [
  ['the role that PrincipalArn names', 'allowed', chain()],
  ['its tags', 'allowed', { ...chain(), action: 'sts:TagSession' }],
  ['another role of the account', 'denied', chain({}, sessionOf(neighbour))],
  [
    'a role of that name, with a path',
    'denied',
    chain({}, sessionOf(hub.replace('role/', 'role/team/'))),
  ],
  [
    'a role of that name in another account',
    'denied',
    chain({}, sessionOf(hub.replace(hubAccount, '508208880112'))),
  ],
  ['a user of the account', 'denied', chain({}, userOf(alice))],
  ['another external id', 'denied', chain({ 'sts:ExternalId': 'eu-west-1/other' })],
  [
    'another namespace’s pod',
    'denied',
    chain({ 'aws:PrincipalTag/kubernetes-namespace': 'default' }),
  ],
  ['no permission of its own', 'denied', { ...chain(), identity: [] }],
  [
    'permission on a role without the path',
    'denied',
    { ...chain(), identity: [allow('sts:AssumeRole', target.replace('team/app/', ''))] },
  ],
  [
    'permission on a path’s roles',
    'allowed',
    { ...chain(), identity: [allow('sts:*', target.replace('app/target', '*'))] },
  ],
  [
    'its own account’s role, without a permission',
    'denied',
    { ...chain(), resource: own, identity: [] },
  ],
  [
    'its own account’s role, with one',
    'allowed',
    { ...chain(), resource: own, identity: [allow('sts:AssumeRole', own)] },
  ],
  [
    'its own account’s role, which names it',
    'allowed',
    asked(
      sessionOf(hub),
      trusts({ AWS: [neighbour, hub] }, both),
      {},
      { resource: own, identity: [] },
    ),
  ],
]);
