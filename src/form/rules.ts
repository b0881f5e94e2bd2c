import { isAccountId, isRegion, isRoleName } from '../names/arn.ts';
import { isApiEndpoint, isCertificateAuthority, isIssuer } from '../names/endpoint.ts';
import { isImageReference } from '../names/image.ts';
import {
  isCronJobName,
  isDnsLabel,
  isDnsSubdomain,
  isEksClusterName,
  isLabelKey,
  isLabelValue,
  isMappedUser,
} from '../names/kubernetes.ts';
import { isExternalId } from '../names/sts.ts';
import { isRoleTemplate } from './role-template.ts';
import type { Rule } from './rule.ts';
import { rulesOfDelivery } from './rules-of-delivery.ts';
import { rulesOfIdentity } from './rules-of-identity.ts';
import { rulesOfRestarts } from './rules-of-restarts.ts';
import { rulesOfUsers } from './rules-of-users.ts';

const rename = 'Choose another name.';

/** The form of every text in the fleet file, by what it is. */
export const rules = {
  dnsLabel: {
    code: 'fleet/name',
    test: isDnsLabel,
    expected: '1–63 of a–z, 0–9 and -, beginning and ending with a letter or digit',
    next: rename,
  },
  objectName: {
    code: 'fleet/name',
    test: isDnsSubdomain,
    expected:
      'a Kubernetes name: 1–253 of a–z, 0–9, - and ., each part bounded by letters or digits',
    next: 'Write the name that `kubectl get` shows.',
  },
  restartName: {
    code: 'fleet/name',
    test: isCronJobName,
    expected:
      '1–52 of a–z, 0–9 and -, beginning and ending with a letter or digit (a CronJob name)',
    next: rename,
  },
  accountId: {
    code: 'fleet/account-id',
    test: isAccountId,
    expected: '12 digits in quotes, such as "012345678901"',
    next: 'Write all 12 digits, leading zeros too, without spaces or hyphens.',
  },
  region: {
    code: 'fleet/region',
    test: isRegion,
    expected: 'an AWS region, such as eu-west-1',
    next: 'Write the code of the region, not its name or an availability zone.',
  },
  eksName: {
    code: 'fleet/eks-name',
    test: isEksClusterName,
    expected: '1–100 letters, digits, - and _, beginning with a letter or digit',
    next: 'Write the name that `aws eks list-clusters` shows.',
  },
  roleName: {
    code: 'fleet/role-name',
    test: isRoleName,
    expected: 'an IAM role name: 1–64 letters, digits and _+=,.@-',
    next: 'Write the name alone: no ARN, no path.',
  },
  roleTemplate: {
    code: 'fleet/role-template',
    test: isRoleTemplate,
    expected: 'letters, digits and _+=,.@-, with the placeholders {service} and {env} alone',
    next: 'Write something like "eks-{service}-{env}".',
  },
  externalId: {
    code: 'fleet/external-id',
    test: isExternalId,
    expected: '2–1224 letters, digits and _+=,.@:/-',
    next: 'Write the external id that the role’s trust policy asks for.',
  },
  kubernetesUser: {
    code: 'fleet/kubernetes-user',
    test: isMappedUser,
    expected: '1–253 printable ASCII characters without spaces, no `system:` in front, no `{{`',
    next: 'Choose a user name of your own, such as key-restarter-prd.',
  },
  labelKey: {
    code: 'fleet/label',
    test: isLabelKey,
    expected: 'a label key: an optional domain and /, then 1–63 letters, digits, -, _ and .',
    next: 'Write a key such as env, or example.com/wave.',
  },
  labelValue: {
    code: 'fleet/label',
    test: isLabelValue,
    expected: 'a label value: at most 63 letters, digits, -, _ and ., bounded by letters or digits',
    next: 'Write a value such as prd.',
  },
  issuer: {
    code: 'fleet/issuer',
    test: isIssuer,
    expected: 'https://HOST/PATH, the host in lower case, with no slash at the end',
    next: 'Write what `aws eks describe-cluster --query cluster.identity.oidc.issuer` shows.',
  },
  endpoint: {
    code: 'fleet/connection',
    test: isApiEndpoint,
    expected: 'https://HOST, or https://HOST:PORT',
    next: 'Write what `aws eks describe-cluster --query cluster.endpoint` shows.',
  },
  certificateAuthority: {
    code: 'fleet/connection',
    test: isCertificateAuthority,
    expected: 'PEM certificates (and nothing else), base64-encoded on one line',
    next: 'Write what `aws eks describe-cluster --query cluster.certificateAuthority.data` shows.',
  },
  image: {
    code: 'fleet/image',
    test: isImageReference,
    expected: 'an image reference: [HOST[:PORT]/]PATH[:TAG][@DIGEST], its path in lower case',
    next: 'Write something like registry.example.com/rollcall:1.0.0.',
  },
  ...rulesOfDelivery,
  ...rulesOfIdentity,
  ...rulesOfRestarts,
  ...rulesOfUsers,
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;

export const isRuleName = (text: string): text is RuleName => Object.hasOwn(rules, text);
