import { isHostInterface } from '../names/host-interface.ts';
import { isAudience } from './agent-forms.ts';
import { isDurationWithin } from './duration.ts';
import { isIamPath, isPolicyPath, isTagKey, isTagValue } from './iam-path.ts';
import {
  isAction,
  isConditionKey,
  isConditionOperator,
  isPolicyText,
  isResource,
} from './policy-forms.ts';
import type { Rule } from './rule.ts';

/** The form of every text about roles, their policies and their sessions. */
export const rulesOfIdentity = {
  sessionDuration: {
    code: 'fleet/duration',
    test: isDurationWithin(900, 43_200),
    expected: 'a whole number of s, m or h, from 15m to 12h: what STS lets a session be',
    next: 'Write something like 15m, 1h or 12h.',
  },
  kiamSession: {
    code: 'fleet/duration',
    test: isDurationWithin(900, 3600),
    expected:
      'a whole number of s, m or h, from 15m to 1h: the server assumes roles by a role of its own',
    next: 'Write something like 15m or 1h.',
  },
  kube2iamSession: {
    code: 'fleet/duration',
    test: isDurationWithin(900, 1800),
    expected:
      'a whole number of s, m or h, from 15m to 30m: a longer one is handed out too near its end',
    next: 'Write something like 15m or 30m.',
  },
  tokenExpiration: {
    code: 'fleet/duration',
    test: isDurationWithin(600, 86_400),
    expected: 'a whole number of s, m or h, from 10m to 24h: what Kubernetes lets a token live',
    next: 'Write something like 1h or 24h.',
  },
  bucketName: {
    code: 'fleet/bucket',
    test: (text) => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text),
    expected: 'the name of a bucket: 3–63 of a–z, 0–9, . and -, bounded by letters or digits',
    next: 'Write the name alone: no s3://, no path.',
  },
  audience: {
    code: 'fleet/audience',
    test: isAudience,
    expected: '1–255 letters, digits and _.:/-',
    next: 'Write an audience of the OIDC provider, such as sts.amazonaws.com.',
  },
  hostInterface: {
    code: 'fleet/host-interface',
    test: isHostInterface,
    expected: 'a network interface of at most 15 characters, with + for any that begin so',
    next: 'Write what the CNI calls its interfaces, such as eni+, cali+ or cni0.',
  },
  iamPath: {
    code: 'fleet/iam-path',
    test: isIamPath,
    expected: '/, or printable ASCII between two slashes, 512 at most, without * ? $ { }',
    next: 'Write something like /team/.',
  },
  policyPath: {
    code: 'fleet/iam-path',
    test: isPolicyPath,
    expected: 'a policy’s name, 1–128 letters, digits and _+=,.@-, with its path before it',
    next: 'Write something like boundary or team/boundary: no ARN, no slash in front.',
  },
  tagKey: {
    code: 'fleet/tag',
    test: isTagKey,
    expected: 'a tag’s key: 1–128 letters, digits, spaces and _.:/=+-@, no aws: in front',
    next: 'Write a key such as team.',
  },
  tagValue: {
    code: 'fleet/tag',
    test: isTagValue,
    expected: 'a tag’s value: at most 256 letters, digits, spaces and _.:/=+-@',
    next: 'Write a value such as platform.',
  },
  action: {
    code: 'fleet/action',
    test: isAction,
    expected: 'SERVICE:ACTION, such as s3:GetObject; * and ? may stand in the action alone',
    next: 'Write the action as the service authorization reference has it.',
  },
  policyResource: {
    code: 'fleet/resource',
    test: isResource,
    expected: '*, or an ARN of six parts, such as arn:{partition}:s3:::bucket/*',
    next: 'Write the whole ARN.',
  },
  conditionOperator: {
    code: 'fleet/policy-condition',
    test: isConditionOperator,
    expected:
      'an operator of IAM, such as StringEquals; ForAnyValue: or ForAllValues: before, IfExists after it',
    next: 'Write the operator as the IAM user guide has it: upper and lower case count.',
  },
  conditionKey: {
    code: 'fleet/policy-condition',
    test: isConditionKey,
    expected: 'a condition key, such as aws:SourceVpc or s3:prefix',
    next: 'Write the key as the service authorization reference has it.',
  },
  conditionValue: {
    code: 'fleet/policy-condition',
    test: isPolicyText,
    expected: 'at most 1024 characters that IAM takes in a policy, on one line',
    next: 'Write the value without other characters.',
  },
  reason: {
    code: 'fleet/reason',
    test: (text: string) => /^(?=.*\S)[^\p{C}\p{Zl}\p{Zp}]{1,500}$/u.test(text),
    expected: 'a sentence of 1–500 characters, on one line',
    next: 'Write why the wildcard is needed.',
  },
} as const satisfies Record<string, Rule>;
