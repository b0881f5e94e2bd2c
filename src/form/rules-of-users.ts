import type { Rule } from './rule.ts';
import {
  isAccessPolicy,
  isApiGroup,
  isApiResource,
  isGroup,
  isPersonArn,
  isResourceName,
  isUserTemplate,
  isVerb,
} from './user-forms.ts';

/** The form of every text that stands in a user alone. */
export const rulesOfUsers = {
  principalArn: {
    code: 'fleet/principal-arn',
    test: isPersonArn,
    expected:
      'the ARN of an IAM user or role, such as arn:aws:iam::012345678901:role/admin; no session’s, no service-linked role’s',
    next: 'Write the ARN that `aws iam get-role` or `get-user` shows; for an assumed role, the role’s.',
  },
  username: {
    code: 'fleet/username',
    test: isUserTemplate,
    expected:
      '1–253 printable ASCII characters without spaces; in front no `rollcall:`, which is for services, and no `system:`, which is for Kubernetes’ own users; {{AccountID}}, {{SessionName}}, {{SessionNameRaw}} and {{AccessKeyID}} may stand in it',
    next: 'Write a user name of their own, such as admin:{{SessionName}}. What they may do comes by `rights` and `groups`, never by the name: system:masters is a group.',
  },
  group: {
    code: 'fleet/group',
    test: isGroup,
    expected:
      '1–253 printable ASCII characters without spaces, no `{{`; none of the nodes’, and no `rollcall:` in front',
    next: 'Write a group that a RoleBinding names.',
  },
  apiGroup: {
    code: 'fleet/rbac',
    test: isApiGroup,
    expected: 'an API group: "" for the core, or one such as apps',
    next: 'Write what `kubectl api-resources` shows before the slash under APIVERSION.',
  },
  apiResource: {
    code: 'fleet/rbac',
    test: isApiResource,
    expected: 'a resource: plural, in lower case, such as pods or pods/log',
    next: 'Write what `kubectl api-resources` shows under NAME.',
  },
  verb: {
    code: 'fleet/rbac',
    test: isVerb,
    expected: 'a verb in lower case, such as get',
    next: 'Write what `kubectl api-resources -o wide` shows under VERBS.',
  },
  resourceName: {
    code: 'fleet/rbac',
    test: isResourceName,
    expected: 'an object’s name: 1–253 letters, digits and _.:@-',
    next: 'Write the name that `kubectl get` shows.',
  },
  accessPolicy: {
    code: 'fleet/access-policy',
    test: isAccessPolicy,
    expected: 'an access policy of EKS, such as AmazonEKSViewPolicy',
    next: 'Write the name that `aws eks list-access-policies` shows: no ARN.',
  },
} as const satisfies Record<string, Rule>;
