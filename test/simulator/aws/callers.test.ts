import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../../../src/simulator/aws/policy.ts';
import type { Caller, Decision } from '../../../src/simulator/aws/policy.ts';
import { parsePolicy } from '../../../src/simulator/aws/policy-document.ts';
import { hubAccount, hubRole, policy } from '../support/aws.ts';
import type { Json } from '../support/aws.ts';

const action = 'sts:AssumeRole';

describe('callers of other kinds', () => {
  const alice = `arn:aws:iam::${hubAccount}:user/people/alice`;
  const user: Caller = { kind: 'user', account: hubAccount, userArn: alice, userId: 'AIDAALICE' };
  const pods: Caller = { kind: 'service', service: 'pods.eks.amazonaws.com' };
  const host = 'oidc.example.com/id/A';
  const provider: Caller = {
    kind: 'federated',
    providerArn: `arn:aws:iam::${hubAccount}:oidc-provider/${host}`,
  };

  it.each<[string, Caller, Json, Decision]>([
    ['a user', user, { Principal: { AWS: alice } }, 'allow'],
    ["a user's unique id", user, { Principal: { AWS: 'AIDAALICE' } }, 'allow'],
    ['another user', user, { Principal: { AWS: `${alice}2` } }, 'implicit-deny'],
    ['a user among roles', user, { Principal: { AWS: [hubRole, alice] } }, 'allow'],
    ["a user's account", user, { Principal: { AWS: hubAccount } }, 'allow-account'],
    ['a service', pods, { Principal: { Service: 'pods.eks.amazonaws.com' } }, 'allow'],
    ['another service', pods, { Principal: { Service: 'ec2.amazonaws.com' } }, 'implicit-deny'],
    ['everyone is no service', pods, { Principal: '*' }, 'implicit-deny'],
    ['everyone is denied, services too', pods, { Effect: 'Deny', Principal: '*' }, 'explicit-deny'],
    ['everyone is no provider', provider, { Principal: '*' }, 'implicit-deny'],
    [
      'everyone is denied, providers too',
      provider,
      { Effect: 'Deny', Principal: '*' },
      'explicit-deny',
    ],
    ['a provider', provider, { Principal: { Federated: provider.providerArn } }, 'allow'],
  ])('%s', (_, who, statement, expected) => {
    const trust = parsePolicy('trust', policy({ Effect: 'Allow', Action: action, ...statement }));
    expect(evaluate(trust, { action, caller: who, context: new Map() })).toBe(expected);
  });
});
