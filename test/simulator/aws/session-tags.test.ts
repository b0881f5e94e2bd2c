import { describe, expect, it } from '@jest/globals';
import { outcome } from '../support/outcome.ts';
import { allow, hubAccount, hubRole, hubSession, makeAws, policy } from '../support/aws.ts';
import { roleTrust, targetAccount, targetRole } from '../support/aws.ts';
import type { AwsParts, Json } from '../support/aws.ts';
import type { AssumeRole } from '../../../src/simulator/aws/sts.ts';

const both = ['sts:AssumeRole', 'sts:TagSession'];
const far = `arn:aws:iam::${targetAccount}:role/far`;
const user = `arn:aws:sts::${hubAccount}:assumed-role/eks-key-restarter-prd/job`;
const denial = (action: string, why: string, by = user, on = targetRole) =>
  `AccessDenied: User: ${by} is not authorized to perform: ${action} on resource: ${on} because no ${why} allows the ${action} action`;

interface Sides {
  readonly identity?: readonly string[];
  readonly trust?: Json;
}

/** The hub role and a target, of which each allows these. */
const awsWith = ({ identity = both, trust = {} }: Sides): AwsParts =>
  makeAws({
    hubPolicy: identity.map((action) => allow(action, targetRole)),
    targetTrust: roleTrust(hubRole, { Action: both, ...trust }),
  });

const team = { key: 'team', value: 'golf' };
const assume = (aws: AwsParts, over: Partial<AssumeRole>) =>
  aws.sts.assumeRole(hubSession(aws), { roleArn: targetRole, roleSessionName: 'job', ...over });

describe('session tags', () => {
  it.each<[string, Sides, Partial<AssumeRole>, string]>([
    ['both sides allow them', {}, { tags: [team] }, 'issued'],
    ['none are passed', { identity: ['sts:AssumeRole'] }, {}, 'issued'],
    [
      'the caller may not tag',
      { identity: ['sts:AssumeRole'] },
      { tags: [team] },
      denial('sts:TagSession', 'identity-based policy'),
    ],
    [
      'the trust does not allow it',
      { trust: { Action: 'sts:AssumeRole' } },
      { tags: [team] },
      denial('sts:TagSession', 'role trust policy'),
    ],
    [
      'the trust asks for the tag',
      { trust: { Condition: { StringEquals: { 'aws:RequestTag/team': 'golf' } } } },
      { tags: [team] },
      'issued',
    ],
    [
      'with another value',
      { trust: { Condition: { StringEquals: { 'aws:RequestTag/team': 'hotel' } } } },
      { tags: [team] },
      denial('sts:AssumeRole', 'role trust policy'),
    ],
    [
      'a key too many',
      { trust: { Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'team' } } } },
      { tags: [team, { key: 'env', value: 'prd' }] },
      denial('sts:AssumeRole', 'role trust policy'),
    ],
    [
      'a key twice, in another case',
      {},
      { tags: [team, { key: 'Team', value: 'x' }] },
      'InvalidParameterValue: Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    ],
    [
      'a transitive key that is not passed',
      {},
      { tags: [team], transitiveTagKeys: ['env'] },
      'InvalidParameterValue: The specified transitive tag key must be included in the requested tags.',
    ],
    [
      'a reserved key',
      {},
      { tags: [{ key: 'AWS:team', value: 'x' }] },
      'InvalidParameterValue: Tag keys beginning with the prefix aws: are reserved for AWS internal use.',
    ],
  ])('%s', (_, sides, over, expected) => {
    expect(outcome(() => assume(awsWith(sides), over))).toBe(expected);
  });

  it.each([
    ['51 tags', Array.from({ length: 51 }, (_, n) => ({ key: `k${n}`, value: '' })), /less than/],
    ['a key too long', [{ key: 'k'.repeat(129), value: '' }], /tags.member.key/],
    ['a value too long', [{ key: 'k', value: 'v'.repeat(257) }], /tags.member.value/],
    ['a key of other characters', [{ key: 'a*', value: '' }], /regular expression/],
  ])('%s are out of bounds', (_, tags, message) => {
    expect(() => assume(awsWith({}), { tags })).toThrow(message);
  });

  it('are the principal’s; transitive ones go on, and can not be changed', () => {
    const aws = awsWith({});
    const { iam, sts } = aws;
    iam.putPolicy(targetRole, 'on', policy(allow('sts:*', far)));
    const trust = (Condition: Json, Action: unknown = both) =>
      policy(roleTrust(targetRole, { Action, Condition }));
    const golf = {
      StringEquals: { 'aws:PrincipalTag/TEAM': 'golf', 'aws:RequestTag/team': 'golf' },
    };
    iam.createRole({
      arn: far,
      trust: trust({ ...golf, Null: { 'aws:PrincipalTag/env': 'false' } }),
    });
    const tags = [team, { key: 'env', value: 'prd' }];
    const session = assume(aws, { tags, transitiveTagKeys: ['Team'] });
    const on = { roleArn: far, roleSessionName: 'on' };

    const chained = sts.assumeRole(session, on);
    expect([...(chained.tags ?? [])]).toEqual([['team', 'golf']]);
    expect(chained.transitiveTagKeys).toEqual(['team']);
    expect(outcome(() => sts.assumeRole(session, { ...on, tags: [team] }))).toMatch(
      /^InvalidParameterValue: .* conflicts with a transitive tag key from the calling session\.$/,
    );

    // A chain's next role must allow to be tagged, though nothing is passed.
    const bare = `${far}-bare`;
    iam.createRole({ arn: bare, trust: trust({}, 'sts:AssumeRole') });
    iam.putPolicy(targetRole, 'bare', policy(allow('sts:*', bare)));
    const by = `arn:aws:sts::${targetAccount}:assumed-role/sts-prd-js-encryption-role/job`;
    expect(outcome(() => sts.assumeRole(session, { ...on, roleArn: bare }))).toBe(
      denial('sts:TagSession', 'role trust policy', by, bare),
    );
    const plain = assume(aws, { tags });
    expect(outcome(() => sts.assumeRole(plain, { ...on, roleArn: bare }))).toBe('issued');
  });

  it('override the role’s own tags, whatever their case', () => {
    const aws = awsWith({});
    const arn = `${targetRole}-tagged`;
    const trust = policy(roleTrust(hubRole, { Action: both }));
    const role = aws.iam.createRole({ arn, trust, tags: { Team: 'own', env: 'own' } });
    const session = aws.sessions.issue(role, 'job', 3600, { tags: new Map([['team', 'golf']]) });
    const own = (tag: string, value: string): Json => ({
      StringEquals: { [`aws:PrincipalTag/${tag}`]: value },
    });
    const mayBe = (arnOf: string, Condition: Json): string => {
      aws.iam.createRole({ arn: arnOf, trust: policy(roleTrust(arn, { Condition })) });
      return outcome(() => aws.sts.assumeRole(session, { roleArn: arnOf, roleSessionName: 'job' }));
    };
    expect(mayBe(`${far}-1`, own('team', 'golf'))).toBe('issued');
    expect(mayBe(`${far}-2`, own('env', 'own'))).toBe('issued');
    expect(mayBe(`${far}-3`, own('team', 'own'))).toMatch(/^AccessDenied/);
  });
});

describe('source identities', () => {
  const set = [...both, 'sts:SetSourceIdentity'];
  const named = { StringLike: { 'sts:SourceIdentity': 'run-*' } };

  it.each<[string, Sides, string, string]>([
    ['both sides allow it', { identity: set, trust: { Action: set } }, 'run-1', 'issued'],
    [
      'the caller may not',
      { trust: { Action: set } },
      'run-1',
      denial('sts:SetSourceIdentity', 'identity-based policy'),
    ],
    [
      'the trust does not allow it',
      { identity: set },
      'run-1',
      denial('sts:SetSourceIdentity', 'role trust policy'),
    ],
    [
      'of the form that the trust asks for',
      { identity: set, trust: { Action: set, Condition: named } },
      'run-1',
      'issued',
    ],
    [
      'of another form',
      { identity: set, trust: { Action: set, Condition: named } },
      'alice',
      denial('sts:AssumeRole', 'role trust policy'),
    ],
    [
      'too short',
      {},
      'x',
      "ValidationError: 1 validation error detected: Value 'x' at 'sourceIdentity' failed to satisfy constraint: Member must have length greater than or equal to 2",
    ],
  ])('%s', (_, sides, sourceIdentity, expected) => {
    expect(outcome(() => assume(awsWith(sides), { sourceIdentity }))).toBe(expected);
  });

  it('go on, must be allowed at each hop by both sides, and never change', () => {
    const aws = awsWith({ identity: set, trust: { Action: set } });
    const { iam, sts } = aws;
    const Condition = { StringEquals: { 'aws:SourceIdentity': 'run-1' } };
    iam.createRole({ arn: far, trust: policy(roleTrust(targetRole, { Action: set, Condition })) });
    const session = assume(aws, { sourceIdentity: 'run-1' });
    expect(session.sourceIdentity).toBe('run-1');
    const on = { roleArn: far, roleSessionName: 'on' };
    // In one account too, where the trust that names the caller would do for sts:AssumeRole.
    expect(outcome(() => sts.assumeRole(session, on))).toMatch(
      /perform: sts:SetSourceIdentity .* because no identity-based policy allows/,
    );
    iam.putPolicy(targetRole, 'on', policy(allow(set[2] ?? '', far)));
    expect(sts.assumeRole(session, on).sourceIdentity).toBe('run-1');
    expect(outcome(() => sts.assumeRole(session, { ...on, sourceIdentity: 'run-2' }))).toMatch(
      /^AccessDenied: .* sts:SetSourceIdentity/,
    );
  });
});
