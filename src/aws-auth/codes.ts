/** Why entries are not merged. Each is explained in docs/errors.md. */
export const awsAuthCodes = [
  'aws-auth/unreadable',
  'aws-auth/conflict',
  'aws-auth/duplicate',
] as const;

export type AwsAuthCode = (typeof awsAuthCodes)[number];
