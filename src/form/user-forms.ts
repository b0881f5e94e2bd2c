import { otherCaseOf } from './access-policies.ts';
import { isPrincipalArn, parseRoleArn } from '../names/arn.ts';
import { isDnsSubdomain, isMappedUser } from '../names/kubernetes.ts';

/** An IAM user's ARN or a role's, and not a role that AWS keeps for its services: nobody can become one. */
export const isPersonArn = (text: string): boolean =>
  isPrincipalArn(text) && parseRoleArn(text)?.path.startsWith('/aws-service-role/') !== true;

/** What aws-iam-authenticator fills in for people (README, "Full Configuration Format"). */
const template = /\{\{(?:AccountID|SessionName|SessionNameRaw|AccessKeyID)\}\}/g;

/** Services' users and users' groups begin so: nobody else may be one of them. */
const ours = 'rollcall:';
/** The nodes': who is in one can read what kubelets read, and its entry could not be taken out again. */
const ofNodes = /^system:(?:nodes|bootstrappers|node-proxier)\b/;

/** A Kubernetes user, with the authenticator's templates or without. */
export const isUserTemplate = (text: string): boolean =>
  text.length <= 253 && isMappedUser(text.replace(template, 'x')) && !text.startsWith(ours);

/** A Kubernetes group: printable ASCII without spaces or templates. `system:masters` is one. */
export const isGroup = (text: string): boolean =>
  /^[\x21-\x7e]{1,253}$/.test(text) &&
  !text.includes('{{') &&
  !text.startsWith(ours) &&
  !ofNodes.test(text);

/** An API group of RBAC: empty for the core, a domain, or `*`. */
export const isApiGroup = (text: string): boolean =>
  text === '' || text === '*' || isDnsSubdomain(text);

/** A resource of RBAC: `pods`, `pods/log` or `*`. */
export const isApiResource = (text: string): boolean =>
  text.length <= 253 &&
  /^(?:\*|[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)(?:\/(?:\*|[a-z0-9](?:[-a-z0-9]*[a-z0-9])?))?$/.test(
    text,
  );

export const isVerb = (text: string): boolean => text === '*' || /^[a-z]{1,63}$/.test(text);

/** An object's name in RBAC’s resourceNames: some kinds take colons and capitals. */
export const isResourceName = (text: string): boolean =>
  /^[A-Za-z0-9](?:[\w.:@-]{0,251}[A-Za-z0-9])?$/.test(text);

/** EKS' own access policies, such as `AmazonEKSViewPolicy`; one in other letters is told by its name later. */
export const isAccessPolicy = (text: string): boolean =>
  /^Amazon[A-Za-z0-9]{1,100}Policy$/.test(text) || otherCaseOf(text) !== undefined;
