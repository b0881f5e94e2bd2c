/** Why entries are not merged. Each is explained in docs/errors.md. */
export const mergeCodes = [
  'aws-auth/unreadable',
  'aws-auth/conflict',
  'aws-auth/duplicate',
  'aws-auth/arn',
  'aws-auth/node-role',
] as const;

export type MergeCode = (typeof mergeCodes)[number];

/** Why a command does not write a cluster’s ConfigMap, or can’t tell that it did. */
export const commandCodes = [
  'aws-auth/unknown-cluster',
  'aws-auth/wrong-cluster',
  'aws-auth/no-config-map',
  'aws-auth/needs-check',
  'aws-auth/busy',
  'aws-auth/unverified',
  'aws-auth/no-backup',
] as const;

export const awsAuthCodes = [...mergeCodes, ...commandCodes] as const;

export type AwsAuthCode = (typeof awsAuthCodes)[number];
