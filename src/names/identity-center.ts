import { parseRoleArn } from './arn.ts';

/**
 * An ARN of a role of IAM Identity Center without its path: `aws-auth` matches it, and no such role is in
 * IAM (IAM Identity Center user guide, "Referencing permission sets in resource policies, Amazon EKS, and
 * AWS KMS").
 */
export function lacksIdentityCenterPath(arn: string): boolean {
  const role = parseRoleArn(arn);
  return role?.path === '/' && role.name.startsWith('AWSReservedSSO_');
}

/** What is wrong with such an ARN. */
export const identityCenterFault = (arn: string) => ({
  found: `${arn}, a role of IAM Identity Center without its path`,
  expected:
    'the ARN as IAM has it: role/aws-reserved/sso.amazonaws.com/REGION/NAME, of us-east-1 without the region',
  next: 'Write the ARN that `aws iam get-role` shows; aws-auth is given it without the path all the same.',
});
