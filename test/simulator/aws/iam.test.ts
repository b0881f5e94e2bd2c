import { describe, expect, it } from '@jest/globals';
import { outcome } from '../support/outcome.ts';
import { allow, hubRole, makeAws, policy, roleTrust, targetRole } from '../support/aws.ts';
import type { AwsParts } from '../support/aws.ts';

describe('IAM', () => {
  const unknown = 'arn:aws:iam::903716715040:role/not-made-yet';
  const alice = 'arn:aws:iam::903716715040:user/alice';
  const managed = 'arn:aws:iam::903716715040:policy/team/managed';
  const sized = (size: number) => {
    const filled = (name: string) => policy(allow('s3:GetObject', `arn:aws:s3:::${name}`));
    return filled('x'.repeat(size - JSON.stringify(filled('')).length));
  };

  it.each<[string, (aws: AwsParts) => void, string]>([
    [
      'a trust that names a role not made yet',
      ({ iam }) =>
        iam.createRole({
          arn: `${targetRole}2`,
          trust: { Version: '2012-10-17', Statement: [roleTrust(unknown)] },
        }),
      `MalformedPolicyDocument: Invalid principal in policy: "AWS":"${unknown}"`,
    ],
    [
      'a role made twice, under another path',
      ({ iam }) =>
        iam.createRole({
          arn: targetRole.replace('role/', 'role/team/'),
          trust: { Version: '2012-10-17', Statement: [roleTrust(hubRole)] },
        }),
      'EntityAlreadyExists: Role with name sts-prd-js-encryption-role already exists.',
    ],
    [
      'statements for a role that is not there',
      ({ iam }) => {
        iam.addTrust(unknown, { Version: '2012-10-17', Statement: [roleTrust(hubRole)] });
      },
      'NoSuchEntity: The role with name not-made-yet cannot be found.',
    ],
    [
      'a trust over its quota',
      ({ iam }) =>
        iam.createRole({
          arn: `${targetRole}2`,
          trust: {
            Version: '2012-10-17',
            Statement: Array.from({ length: 20 }, () => roleTrust(hubRole)),
          },
        }),
      'LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048',
    ],
    [
      'a trust that names a user who is not there',
      ({ iam }) =>
        iam.createRole({
          arn: `${targetRole}2`,
          trust: { Version: '2012-10-17', Statement: [roleTrust(alice)] },
        }),
      `MalformedPolicyDocument: Invalid principal in policy: "AWS":"${alice}"`,
    ],
    [
      'a user whose ARN is a role’s',
      ({ iam }) => iam.createUser({ arn: hubRole }),
      `ValidationError: Not the ARN of a user: ${hubRole}`,
    ],
    [
      'a managed policy that nobody made',
      ({ iam }) => {
        iam.attachPolicy(hubRole, managed);
      },
      `NoSuchEntity: Policy ${managed} does not exist or is not attachable.`,
    ],
    [
      'a boundary that nobody made',
      ({ iam }) => {
        iam.putBoundary(hubRole, managed);
      },
      `NoSuchEntity: Policy ${managed} does not exist or is not attachable.`,
    ],
    [
      'a managed policy over its quota',
      ({ iam }) => {
        iam.createPolicy(managed, sized(6145));
      },
      'LimitExceeded: Cannot exceed quota for PolicySize: 6144',
    ],
    [
      'inline policies that pass their quota together',
      ({ iam }) => {
        iam.putPolicy(hubRole, 'one', sized(6000));
        iam.putPolicy(hubRole, 'one', sized(5000));
        iam.putPolicy(hubRole, 'two', sized(5300));
      },
      'LimitExceeded: Maximum policy size of 10240 bytes exceeded for role eks-key-restarter-prd',
    ],
    [
      'an eleventh managed policy',
      ({ iam }) => {
        for (let number = 1; number <= 11; number++) {
          iam.createPolicy(`${managed}${number}`, sized(200));
          iam.attachPolicy(hubRole, `${managed}${number}`);
          iam.attachPolicy(hubRole, `${managed}${number}`);
        }
      },
      'LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10',
    ],
  ])('refuses %s', (_, run, expected) => {
    const aws = makeAws();
    expect(
      outcome(() => {
        run(aws);
      }),
    ).toBe(expected);
  });
});
