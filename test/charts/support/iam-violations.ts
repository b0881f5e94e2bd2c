import { parse } from 'yaml';
import { z } from 'zod';
import type { AwsAuthFragment } from '../../../src/aws-auth/fragment.ts';
import type { OutputFile } from '../../../src/iam/render.ts';
import { parseRoleArn } from '../../../src/names/arn.ts';
import { isMappedUser } from '../../../src/names/kubernetes.ts';

const clusterArn =
  /^arn:(aws|aws-cn|aws-us-gov):eks:[a-z0-9-]+:\d{12}:cluster\/[0-9A-Za-z][A-Za-z0-9_-]*$/;
const providerArn =
  /^arn:(?:aws|aws-cn|aws-us-gov):iam::\d{12}:oidc-provider\/([a-z0-9.-]+(?:\/[\w.~-]+)*)$/;

const exactRole = z.string().refine((arn) => parseRoleArn(arn) !== undefined);
const base = { Sid: z.string().regex(/^[A-Za-z0-9]+$/), Effect: z.literal('Allow') };
const statement = z.union([
  z.strictObject({
    ...base,
    Principal: z.strictObject({ AWS: exactRole }),
    Action: z.literal('sts:AssumeRole'),
    Condition: z
      .strictObject({ StringEquals: z.strictObject({ 'sts:ExternalId': z.string().min(2) }) })
      .optional(),
  }),
  z
    .strictObject({
      ...base,
      Principal: z.strictObject({ Federated: z.string().regex(providerArn) }),
      Action: z.literal('sts:AssumeRoleWithWebIdentity'),
      Condition: z.strictObject({ StringEquals: z.record(z.string(), z.string()) }),
    })
    .refine(({ Principal, Condition }) => {
      const [, issuer] = providerArn.exec(Principal.Federated) ?? [];
      const {
        [`${issuer}:sub`]: sub = '',
        [`${issuer}:aud`]: aud,
        ...others
      } = Condition.StringEquals;
      return (
        /^system:serviceaccount:[a-z0-9-]+:[a-z0-9.-]+$/.test(sub) &&
        aud === 'sts.amazonaws.com' &&
        Object.keys(others).length === 0
      );
    }),
  z.strictObject({
    ...base,
    Action: z.literal('sts:AssumeRole'),
    Resource: z.array(exactRole).min(1),
  }),
  z.strictObject({
    ...base,
    Action: z.literal('eks:DescribeCluster'),
    Resource: z.array(z.string().regex(clusterArn)).min(1),
  }),
]);
const policy = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(statement).min(1),
});

/** Whatever in the IAM documents is not one of the four statements that are asked for, exactly. */
export const iamViolations = (files: readonly OutputFile[]): readonly string[] =>
  files
    .filter(({ path }) => path.startsWith('_iam/') && path !== '_iam/apply-order.json')
    .flatMap(({ path, text }) => {
      const parsed = policy.safeParse(JSON.parse(text));
      return parsed.success ? [] : [`${path}: ${z.prettifyError(parsed.error)}`];
    });

/** Entries that the authenticator would not match, or that would make someone more than a user. */
export const awsAuthViolations = (files: readonly OutputFile[]): readonly string[] =>
  files
    .filter(({ path }) => path.startsWith('_aws-auth/'))
    .flatMap(({ path, text }) => {
      const { cluster, mapRoles } = parse(text) as AwsAuthFragment;
      return [
        ...(path === `_aws-auth/${cluster}.yaml` ? [] : [`${path}: of ${cluster}`]),
        ...mapRoles.flatMap(({ rolearn, username, groups }) => [
          ...(parseRoleArn(rolearn)?.path === '/' ? [] : [`${path}: role ${rolearn}`]),
          ...(isMappedUser(username) ? [] : [`${path}: user ${username}`]),
          ...(groups.length === 0 ? [] : [`${path}: groups of ${rolearn}`]),
        ]),
      ];
    });
