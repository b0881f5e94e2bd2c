import { describe, expect, it } from '@jest/globals';
import { outcome } from '../support/outcome.ts';
import { sessionArn } from '../../../src/simulator/aws/sessions.ts';
import {
  allow,
  hubAccount,
  hubRole,
  hubSession,
  makeAws,
  roleTrust,
  targetAccount,
  targetRole,
} from '../support/aws.ts';
import type { AwsOptions, Json } from '../support/aws.ts';

describe('AssumeRole', () => {
  const user = `arn:aws:sts::${hubAccount}:assumed-role/eks-key-restarter-prd/job`;
  const denial = (target: string, reason = '') =>
    `AccessDenied: User: ${user} is not authorized to perform: sts:AssumeRole on resource: ${target}${reason}`;
  const identity = ' because no identity-based policy allows the sts:AssumeRole action';
  const trust = ' because no role trust policy allows the sts:AssumeRole action';
  const sameAccount = `arn:aws:iam::${hubAccount}:role/team/neighbour`;
  const externalId = { Condition: { StringEquals: { 'sts:ExternalId': 'grada' } } };
  const hubRoot = `arn:aws:iam::${hubAccount}:root`;

  it.each<[string, AwsOptions, Json, string]>([
    ['both sides allow', {}, {}, 'issued'],
    ['no identity policy', { hubPolicy: [] }, {}, denial(targetRole, identity)],
    [
      'a policy for another role',
      { hubPolicy: [allow('sts:AssumeRole', `${targetRole}x`)] },
      {},
      denial(targetRole, identity),
    ],
    ['no trust', { targetTrust: roleTrust(targetAccount) }, {}, denial(targetRole, trust)],
    ['no role', { targetTrust: null }, {}, denial(targetRole, trust)],
    [
      'neither: the caller comes first',
      { hubPolicy: [], targetTrust: null },
      {},
      denial(targetRole, identity),
    ],
    ['root and an identity policy', { targetTrust: roleTrust(hubRoot) }, {}, 'issued'],
    [
      'root without one',
      { targetTrust: roleTrust(hubRoot), hubPolicy: [] },
      {},
      denial(targetRole, identity),
    ],
    [
      'another organization: silence on the caller',
      { organization: false, hubPolicy: [] },
      {},
      denial(targetRole),
    ],
    [
      'another organization: silence on the target',
      { organization: false, targetTrust: null },
      {},
      denial(targetRole),
    ],
    ['one account, trust by name suffices', { target: sameAccount, hubPolicy: [] }, {}, 'issued'],
    [
      'one account, root does not',
      { target: sameAccount, hubPolicy: [], targetTrust: roleTrust(hubRoot) },
      {},
      denial(sameAccount, identity),
    ],
    [
      'one account, no trust',
      { target: sameAccount, targetTrust: roleTrust(targetAccount) },
      {},
      denial(sameAccount, trust),
    ],
    [
      'one account always says why',
      { target: sameAccount, hubPolicy: [], targetTrust: null, organization: false },
      {},
      denial(sameAccount, identity),
    ],
    [
      'the external id',
      { targetTrust: roleTrust(hubRole, externalId) },
      { externalId: 'grada' },
      'issued',
    ],
    [
      'another external id',
      { targetTrust: roleTrust(hubRole, externalId) },
      { externalId: 'Grada' },
      denial(targetRole, trust),
    ],
    [
      'no external id',
      { targetTrust: roleTrust(hubRole, externalId) },
      {},
      denial(targetRole, trust),
    ],
    ['an external id nobody asked for', {}, { externalId: 'grada' }, 'issued'],
    [
      'an explicit deny of the caller',
      { hubPolicy: [allow('*', '*'), { Effect: 'Deny', Action: 'sts:*', Resource: '*' }] },
      {},
      denial(targetRole, ' with an explicit deny in an identity-based policy'),
    ],
    [
      'an explicit deny of the target',
      { targetTrust: roleTrust(hubRole, { Effect: 'Deny' }) },
      {},
      denial(targetRole, ' with an explicit deny in a role trust policy'),
    ],
    [
      'a chained session over an hour',
      {},
      { durationSeconds: 3601 },
      'ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    ],
    [
      'under a quarter of an hour',
      {},
      { durationSeconds: 899 },
      "ValidationError: 1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    ],
    [
      'over twelve hours',
      {},
      { durationSeconds: 43201 },
      "ValidationError: 1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
    ],
    [
      'a session name with a space',
      {},
      { roleSessionName: 'a b' },
      "ValidationError: 1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    ],
    [
      'a session name of one character',
      {},
      { roleSessionName: 'a' },
      "ValidationError: 1 validation error detected: Value 'a' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2",
    ],
    ['a session name of 64', {}, { roleSessionName: 'a'.repeat(64) }, 'issued'],
    [
      'a session name of 65',
      {},
      { roleSessionName: 'a'.repeat(65) },
      `ValidationError: 1 validation error detected: Value '${'a'.repeat(65)}' at 'roleSessionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    ],
    [
      'an external id of one character',
      {},
      { externalId: 'x' },
      "ValidationError: 1 validation error detected: Value 'x' at 'externalId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@:\\/-]*",
    ],
  ])('%s', (_, options, request, expected) => {
    const aws = makeAws(options);
    const base = { roleArn: options.target ?? targetRole, roleSessionName: 'restart' };
    const run = () => aws.sts.assumeRole(hubSession(aws), { ...base, ...request });
    expect(outcome(run)).toBe(expected);
  });

  it("leaves a role's path out of its sessions' ARN", () => {
    const aws = makeAws({ target: sameAccount });
    const base = { roleArn: sameAccount, roleSessionName: 'restart' };
    expect(sessionArn(aws.sts.assumeRole(hubSession(aws), base))).toBe(
      `arn:aws:sts::${hubAccount}:assumed-role/neighbour/restart`,
    );
  });
});
