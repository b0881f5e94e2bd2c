import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../../../src/simulator/aws/policy.ts';
import type { Caller, Decision } from '../../../src/simulator/aws/policy.ts';
import { parsePolicy } from '../../../src/simulator/aws/policy-document.ts';
import { hubAccount, hubRole, policy, targetRole } from '../support/aws.ts';
import type { Json } from '../support/aws.ts';

const caller: Caller = {
  kind: 'role-session',
  account: hubAccount,
  roleArn: hubRole,
  roleId: 'AROAEXAMPLE',
  sessionArn: `arn:aws:sts::${hubAccount}:assumed-role/eks-key-restarter-prd/job`,
};
const action = 'sts:AssumeRole';

describe('identity policies', () => {
  const base = { Effect: 'Allow', Action: action, Resource: targetRole };
  const deny = { ...base, Effect: 'Deny' };
  const when = (Condition: Json): Json => ({ ...base, Condition });
  const context = new Map<string, string | readonly string[]>([
    ['sts:externalid', 'Grada-1'],
    ['sts:transitivetagkeys', ['team']],
  ]);

  it.each<[string, readonly Json[], Decision]>([
    ['exact', [base], 'allow'],
    ['the action in another case', [{ ...base, Action: 'STS:assumerole' }], 'allow'],
    ['an action wildcard', [{ ...base, Action: 'sts:Assume*' }], 'allow'],
    ['one of several', [{ ...base, Action: ['s3:*', action], Resource: ['x', '*'] }], 'allow'],
    ['? is one character', [{ ...base, Action: 'sts:AssumeRol?' }], 'allow'],
    ['? is not none', [{ ...base, Action: 'sts:AssumeRole?' }], 'implicit-deny'],
    ['another action', [{ ...base, Action: 'sts:TagSession' }], 'implicit-deny'],
    [
      'a resource in another case',
      [{ ...base, Resource: targetRole.toUpperCase() }],
      'implicit-deny',
    ],
    ['a resource wildcard', [{ ...base, Resource: 'arn:aws:iam::*:role/sts-*' }], 'allow'],
    ['a prefix is no match', [{ ...base, Resource: targetRole.slice(0, -1) }], 'implicit-deny'],
    ['a deny beside it', [base, deny], 'explicit-deny'],
    ['a deny of something else', [base, { ...deny, Resource: hubRole }], 'allow'],
    ['NotAction', [{ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }], 'allow'],
    [
      'NotAction that names it',
      [{ Effect: 'Allow', NotAction: 'sts:*', Resource: '*' }],
      'implicit-deny',
    ],
    ['NotResource', [{ Effect: 'Allow', Action: '*', NotResource: hubRole }], 'allow'],
    [
      'NotResource that names it',
      [{ Effect: 'Allow', Action: '*', NotResource: targetRole }],
      'implicit-deny',
    ],
    ['StringEquals', [when({ StringEquals: { 'sts:ExternalId': 'Grada-1' } })], 'allow'],
    [
      'condition keys in another case',
      [when({ StringEquals: { 'STS:externalID': 'Grada-1' } })],
      'allow',
    ],
    [
      'a value in another case',
      [when({ StringEquals: { 'sts:ExternalId': 'grada-1' } })],
      'implicit-deny',
    ],
    ['…IgnoreCase', [when({ StringEqualsIgnoreCase: { 'sts:ExternalId': 'grada-1' } })], 'allow'],
    [
      'a wildcard under StringEquals',
      [when({ StringEquals: { 'sts:ExternalId': 'Grada-*' } })],
      'implicit-deny',
    ],
    ['StringLike', [when({ StringLike: { 'sts:ExternalId': ['x', 'Grada-?'] } })], 'allow'],
    [
      'StringNotEquals',
      [when({ StringNotEquals: { 'sts:ExternalId': 'Grada-1' } })],
      'implicit-deny',
    ],
    ['StringNotLike', [when({ StringNotLike: { 'sts:ExternalId': 'other-*' } })], 'allow'],
    [
      'two conditions, one failing',
      [when({ StringEquals: { 'sts:ExternalId': 'Grada-1', 'aws:x': 'y' } })],
      'implicit-deny',
    ],
    ['a missing key', [when({ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } })], 'implicit-deny'],
    [
      'a missing key, negated',
      [when({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } })],
      'allow',
    ],
    [
      'a missing key, IfExists',
      [when({ StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } })],
      'allow',
    ],
    [
      'a present key, IfExists',
      [when({ StringEqualsIfExists: { 'sts:ExternalId': 'x' } })],
      'implicit-deny',
    ],
    ['Null true of a missing key', [when({ Null: { 'aws:PrincipalOrgID': 'true' } })], 'allow'],
    ['Null true of a present key', [when({ Null: { 'sts:ExternalId': true } })], 'implicit-deny'],
    ['Null false of a present key', [when({ Null: { 'sts:ExternalId': 'false' } })], 'allow'],
    [
      'an unknown operator in an Allow',
      [when({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })],
      'implicit-deny',
    ],
    [
      'an unknown operator in a Deny',
      [base, { ...deny, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }],
      'explicit-deny',
    ],
    [
      'an unknown operator beside one that fails',
      [
        base,
        { ...deny, Condition: { IpAddress: { a: 'b' }, StringEquals: { 'sts:ExternalId': 'x' } } },
      ],
      'allow',
    ],
    [
      'a set operator with IfExists is unknown where the key is missing',
      [when({ 'ForAnyValue:StringEqualsIfExists': { 'aws:TagKeys': 'x' } })],
      'implicit-deny',
    ],
    [
      'a key with many values under an operator for one is unknown',
      [when({ StringEquals: { 'sts:TransitiveTagKeys': 'team' } })],
      'implicit-deny',
    ],
    [
      'a policy variable in an Allow',
      [{ ...base, Resource: 'arn:aws:iam::*:role/${aws:username}' }],
      'implicit-deny',
    ],
    [
      'a policy variable in a Deny',
      [base, { ...deny, Resource: 'arn:aws:iam::*:role/${aws:username}' }],
      'explicit-deny',
    ],
    ['nothing', [], 'implicit-deny'],
  ])('%s', (_, statements, expected) => {
    const parsed = statements.flatMap((one) => parsePolicy('identity', policy(one)));
    expect(evaluate(parsed, { action, resource: targetRole, caller, context })).toBe(expected);
  });
});

describe('principals of a trust policy', () => {
  const service = { Service: 'ec2.amazonaws.com' };

  it.each<[string, Json, Decision]>([
    ['the role', { Principal: { AWS: hubRole } }, 'allow'],
    ['the role among others', { Principal: { AWS: [targetRole, hubRole] } }, 'allow'],
    ["the role's unique id", { Principal: { AWS: 'AROAEXAMPLE' } }, 'allow'],
    ["an orphan's unique id", { Principal: { AWS: 'AROAORPHAN' } }, 'implicit-deny'],
    ['the session', { Principal: { AWS: caller.sessionArn } }, 'allow'],
    [
      'the account root',
      { Principal: { AWS: `arn:aws:iam::${hubAccount}:root` } },
      'allow-account',
    ],
    ['the account id', { Principal: { AWS: hubAccount } }, 'allow-account'],
    ['everyone', { Principal: '*' }, 'allow-account'],
    [
      'a wildcard inside of an ARN',
      { Principal: { AWS: `arn:aws:iam::${hubAccount}:role/*` } },
      'implicit-deny',
    ],
    [
      'another partition',
      { Principal: { AWS: hubRole.replace('aws', 'aws-cn') } },
      'implicit-deny',
    ],
    ['a service', { Principal: service }, 'implicit-deny'],
    ['NotPrincipal in an Allow', { NotPrincipal: { AWS: targetRole } }, 'implicit-deny'],
    [
      'NotPrincipal in a Deny',
      { Effect: 'Deny', NotPrincipal: { AWS: targetRole } },
      'explicit-deny',
    ],
    ['a denied account', { Effect: 'Deny', Principal: { AWS: hubAccount } }, 'explicit-deny'],
    [
      'root, held to the role by PrincipalArn',
      { Principal: { AWS: hubAccount }, Condition: { ArnEquals: { 'aws:PrincipalArn': hubRole } } },
      'allow-account',
    ],
    [
      'root, held to another role',
      {
        Principal: { AWS: hubAccount },
        Condition: { ArnLike: { 'aws:PrincipalArn': targetRole } },
      },
      'implicit-deny',
    ],
  ])('%s', (_, statement, expected) => {
    const trust = parsePolicy('trust', policy({ Effect: 'Allow', Action: action, ...statement }));
    const context = new Map([['aws:principalarn', hubRole]]);
    expect(evaluate(trust, { action, caller, context })).toBe(expected);
  });
});

describe('documents that IAM refuses', () => {
  const good = { Effect: 'Allow', Action: action, Resource: '*' };

  it.each<[string, 'trust' | 'identity', unknown, RegExp]>([
    ['no version', 'identity', { Statement: [good] }, /Syntax errors/],
    ['no statement', 'identity', policy(), /Syntax errors/],
    ['a misspelt element', 'identity', policy({ ...good, Actions: 'x' }), /Actions/],
    ['a misspelt effect', 'identity', policy({ ...good, Effect: 'allow' }), /Effect/],
    ['a bad Sid', 'identity', policy({ ...good, Sid: 'with space' }), /Sid/],
    ['no action', 'identity', policy({ Effect: 'Allow', Resource: '*' }), /must contain actions/],
    ['an action and its negation', 'identity', policy({ ...good, NotAction: 'x' }), /negation/],
    [
      'no resource',
      'identity',
      policy({ Effect: 'Allow', Action: action }),
      /must contain resources/,
    ],
    [
      'a principal in an identity policy',
      'identity',
      policy({ ...good, Principal: '*' }),
      /should not specify a principal/,
    ],
    [
      'a resource in a trust',
      'trust',
      policy({ ...good, Principal: '*' }),
      /prohibited field Resource/,
    ],
    [
      'no principal in a trust',
      'trust',
      policy({ Effect: 'Allow', Action: action }),
      /required field Principal/,
    ],
    [
      'a Sid twice',
      'identity',
      policy({ ...good, Sid: 'A' }, { ...good, Sid: 'A' }),
      /must be unique/,
    ],
  ])('%s', (_, kind, document, message) => {
    expect(() => parsePolicy(kind, document)).toThrow(message);
    expect(() => parsePolicy(kind, document)).toThrow(
      expect.objectContaining({ code: 'MalformedPolicyDocument' }),
    );
  });
});
