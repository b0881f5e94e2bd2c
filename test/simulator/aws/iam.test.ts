import { describe, expect, it } from '@jest/globals';
import { outcome } from '../support/outcome.ts';
import { hubRole, makeAws, roleTrust, targetRole } from '../support/aws.ts';
import type { AwsParts } from '../support/aws.ts';

describe('IAM', () => {
  const unknown = 'arn:aws:iam::903716715040:role/not-made-yet';

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
  ])('refuses %s', (_, run, expected) => {
    const aws = makeAws();
    expect(
      outcome(() => {
        run(aws);
      }),
    ).toBe(expected);
  });
});
