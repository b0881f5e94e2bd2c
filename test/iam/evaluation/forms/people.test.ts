import { expectAgreement } from '../support/agree.ts';
import { document, sessionOf, userOf } from '../support/scenario.ts';
import { hubAccount, hub, root, alice, trusts, asked } from './asked.ts';

const mfaTrust = trusts({ AWS: [alice, root] }, 'sts:AssumeRole', {
  Bool: { 'aws:MultiFactorAuthPresent': 'true' },
  NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' },
  StringEquals: { 'aws:PrincipalAccount': hubAccount },
});
const mfa = (age: string) => ({
  'aws:MultiFactorAuthPresent': 'true',
  'aws:MultiFactorAuthAge': age,
});
const lax = trusts({ AWS: root }, 'sts:AssumeRole', {
  BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' },
});
const withoutMfa = document(
  { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' },
  {
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
  },
);
const open = trusts({ AWS: root }, 'sts:AssumeRole');

expectAgreement('people with MFA', [
  ['with MFA', 'allowed', asked(userOf(alice), mfaTrust, mfa('0'))],
  ['MFA of an hour ago', 'denied', asked(userOf(alice), mfaTrust, mfa('3600'))],
  ['an access key, which knows no MFA', 'denied', asked(userOf(alice), mfaTrust)],
  [
    'a session without MFA',
    'denied',
    asked(userOf(alice), mfaTrust, { 'aws:MultiFactorAuthPresent': 'false' }),
  ],
  [
    'a role, which has no MFA',
    'denied',
    asked(sessionOf(hub), mfaTrust, { 'aws:MultiFactorAuthPresent': 'false' }),
  ],
  ['another user of the account', 'allowed', asked(userOf(`${alice}2`), mfaTrust, mfa('10'))],
  [
    'a user of another account',
    'denied',
    asked(userOf(alice.replace(hubAccount, '508208880112')), mfaTrust, mfa('0')),
  ],
  [
    'a user of that name without the path',
    'denied',
    asked(userOf(alice.replace('people/', '')), trusts({ AWS: alice }, 'sts:AssumeRole')),
  ],
  ['BoolIfExists lets an access key in', 'allowed', asked(userOf(alice), lax)],
  [
    'BoolIfExists keeps a session out',
    'denied',
    asked(userOf(alice), lax, { 'aws:MultiFactorAuthPresent': 'false' }),
  ],
  [
    'Deny BoolIfExists keeps an access key out',
    'denied',
    asked(userOf(alice), open, {}, { identity: [withoutMfa] }),
  ],
  [
    'Deny BoolIfExists lets MFA in',
    'allowed',
    asked(userOf(alice), open, mfa('0'), { identity: [withoutMfa] }),
  ],
]);
