import { AwsError, constraintError } from './aws-error.ts';
import type { ContextValue } from './conditions.ts';
import { isRoleSession } from './sessions.ts';
import type { Actor, SessionDetails } from './sessions.ts';

/** What AssumeRole passes of tags. */
export interface PassedTags {
  readonly tags?: readonly { readonly key: string; readonly value: string }[];
  /** Of those tags. Default: none. */
  readonly transitiveTagKeys?: readonly string[];
}

/** The tags that a new session gets: those passed, and those of the caller that are transitive. */
export type SessionTags = Required<Pick<SessionDetails, 'tags' | 'transitiveTagKeys'>>;

const maxTags = 50;
const keyForm = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const valueForm = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

/**
 * IAM user guide, "Pass session tags in AWS STS": keys differ whatever their case, and a tag that
 * is inherited can't be passed again. Throws `AwsError`.
 */
export function sessionTags(caller: Actor | undefined, passed: PassedTags): SessionTags {
  const { tags = [], transitiveTagKeys = [] } = passed;
  if (tags.length > maxTags) {
    const found = `[${tags.map(({ key }) => key).join(', ')}]`;
    throw constraintError(
      found,
      'tags',
      `Member must have length less than or equal to ${maxTags}`,
    );
  }
  for (const { key, value } of tags) {
    if (!keyForm.test(key)) throw malformedTag(key, 'key', keyForm);
    if (!valueForm.test(value)) throw malformedTag(value, 'value', valueForm);
    if (lower(key).startsWith('aws:')) {
      throw invalid('Tag keys beginning with the prefix aws: are reserved for AWS internal use.');
    }
  }
  const keys = new Set(tags.map(({ key }) => lower(key)));
  if (keys.size < tags.length) {
    throw invalid('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  if (transitiveTagKeys.some((key) => !keys.has(lower(key)))) {
    throw invalid('The specified transitive tag key must be included in the requested tags.');
  }
  const inherited = inheritedTags(caller);
  if (inherited.some(([key]) => keys.has(lower(key)))) {
    throw invalid(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  return {
    tags: new Map([...inherited, ...tags.map(({ key, value }) => [key, value] as const)]),
    transitiveTagKeys: [...inherited.map(([key]) => key), ...transitiveTagKeys],
  };
}

/**
 * The request's context. Inherited tags are in it as if they were passed: EKS, which can't pass its
 * six tags a second time, has a target role's trust test them by `aws:RequestTag` (EKS user guide,
 * "Access AWS resources using EKS Pod Identity target IAM roles").
 */
export function tagContext({
  tags,
  transitiveTagKeys,
}: SessionTags): readonly (readonly [string, ContextValue])[] {
  return [
    ...[...tags].map(([key, value]) => [`aws:RequestTag/${key}`, value] as const),
    ...(tags.size > 0 ? [['aws:TagKeys', [...tags.keys()]] as const] : []),
    ...(transitiveTagKeys.length > 0
      ? [['sts:TransitiveTagKeys', transitiveTagKeys] as const]
      : []),
  ];
}

function inheritedTags(caller: Actor | undefined): readonly (readonly [string, string])[] {
  if (!caller || !isRoleSession(caller)) return [];
  const transitive = new Set((caller.transitiveTagKeys ?? []).map(lower));
  return [...(caller.tags ?? [])].filter(([key]) => transitive.has(lower(key)));
}

const lower = (text: string): string => text.toLowerCase();

const invalid = (message: string): AwsError => new AwsError('InvalidParameterValue', message);

const malformedTag = (found: string, member: string, form: RegExp): AwsError =>
  constraintError(
    found,
    `tags.member.${member}`,
    `Member must satisfy regular expression pattern: ${form.source.slice(1, -1)}`,
  );
