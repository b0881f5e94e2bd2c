import { LinkError, type Link } from '../link-error.ts';
import { networkError, parseRetryAfter } from '../network-error.ts';
import { safeText } from '../redact.ts';
import type { TokenClaims } from './web-identity.ts';

/** An error that AWS answered with, in the parts that decide. */
interface AwsAnswer {
  /** AWS's code without `Exception`: some services write it, STS's older codes don't. */
  readonly code: string;
  readonly text: string;
  readonly status: number;
  readonly retryAfterMs: number | undefined;
}

interface Rule {
  readonly code: RegExp;
  /** Default: any text. */
  readonly text?: RegExp;
  readonly link: Link;
  /** Default: false. */
  readonly transient?: boolean;
}

const throttled =
  /^(?:Throttl|TooManyRequests|RequestLimitExceeded|PriorRequestNotComplete|SlowDown|BandwidthLimitExceeded|LimitExceeded|EC2ThrottledException)/;

/** The way to STS refuses, neither role: a policy on the VPC's own endpoint. */
const vpcEndpoint = /VPC endpoint policy/i;

/**
 * AssumeRoleWithWebIdentity, in order (STS API reference, and facts on IRSA's failures). STS gives
 * one code to three different links; the text tells them apart.
 */
const webIdentityRules: readonly Rule[] = [
  { code: /^InvalidIdentityToken$/, text: /No OpenIDConnect provider found/i, link: 'provider' },
  { code: /^InvalidIdentityToken$/, text: /Incorrect token audience/i, link: 'audience' },
  // STS could not fetch the issuer's keys: the issuer's side, and it may pass.
  {
    code: /^InvalidIdentityToken$/,
    text: /retrieve verification key/i,
    link: 'provider',
    transient: true,
  },
  { code: /^InvalidIdentityToken$/, text: /provider|thumbprint|issuer/i, link: 'provider' },
  { code: /^AccessDenied$/, text: vpcEndpoint, link: 'network' },
  { code: /^AccessDenied$/, link: 'subject' },
  // Kubelet exchanges the token; the next read of the file has a new one.
  { code: /^ExpiredToken$/, link: 'identity', transient: true },
  { code: /^IDPCommunicationError$/, link: 'network', transient: true },
  { code: /^RegionDisabled$/, link: 'network' },
  { code: /./, link: 'identity' },
];

/** IAM's own reasons: "because no … allows", "with an explicit deny in a …" (IAM User Guide, Troubleshoot access denied). */
const callerSide =
  /(?:no|explicit deny in an?) (?:identity-based|permissions boundary|session|service control)/i;
const targetSide = /(?:no|explicit deny in an?) (?:role trust|resource-based|resource control)/i;

const assumeRoleRules: readonly Rule[] = [
  { code: /^AccessDenied$/, text: vpcEndpoint, link: 'network' },
  { code: /^AccessDenied$/, text: callerSide, link: 'hub-policy' },
  { code: /^AccessDenied$/, text: targetSide, link: 'trust' },
  { code: /^AccessDenied$/, link: 'hub-policy-or-trust' },
  { code: /^ExpiredToken$/, link: 'identity', transient: true },
  { code: /^(?:InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch)$/, link: 'identity' },
  { code: /^RegionDisabled$/, link: 'network' },
  { code: /./, link: 'hub-policy-or-trust' },
];

const describeRules: readonly Rule[] = [
  { code: /^ExpiredToken$/, link: 'describe', transient: true },
  { code: /./, link: 'describe' },
];

/** What to compare when a link did not hold. */
type Compare = Partial<Record<Link, string>>;

/** AssumeRoleWithWebIdentity failed. `claims` are the token's own; the token is never shown. */
export function classifyWebIdentity(
  error: unknown,
  at: { readonly roleArn: string; readonly claims: TokenClaims | undefined; readonly now: number },
): LinkError {
  const { iss, sub, aud } = at.claims ?? { iss: '?', sub: '?', aud: '?' };
  const account = at.roleArn.split(':')[4] ?? '?';
  return classify(error, webIdentityRules, `AssumeRoleWithWebIdentity ${at.roleArn}`, at.now, {
    provider: `an IAM OIDC provider in the role's account ${account} with the token's iss ${iss}`,
    audience: `the client ids of the OIDC provider in account ${account} with the token's aud ${aud}`,
    subject: `the trust policy of ${at.roleArn} with the token's iss ${iss}, sub ${sub}, aud ${aud}`,
  });
}

/** AssumeRole into a target account failed. */
export function classifyAssumeRole(
  error: unknown,
  at: {
    readonly hubRoleArn: string;
    readonly roleArn: string;
    readonly hasExternalId: boolean;
    readonly sourceIdentity: string | undefined;
    readonly now: number;
  },
): LinkError {
  const action = deniedAction(error);
  const policy = `the permissions of ${at.hubRoleArn} with ${action} on ${at.roleArn}`;
  const externalId = at.hasExternalId ? "the fleet file's external id" : 'no external id';
  const source =
    at.sourceIdentity === undefined ? '' : `, the source identity ${at.sourceIdentity}`;
  const trust = `the trust policy of ${at.roleArn} with ${extra[action]}the principal ${at.hubRoleArn}${source} and ${externalId}`;
  return classify(error, assumeRoleRules, `AssumeRole ${at.roleArn}`, at.now, {
    'hub-policy': policy,
    trust,
    'hub-policy-or-trust': `${policy}; ${trust}`,
  });
}

/**
 * What AssumeRole asks for, each on both sides: the last two where the session carries tags, or a
 * source identity (IAM user guide, "Pass session tags in AWS STS" and "Monitor and control actions
 * taken with assumed roles").
 */
type AssumeAction = 'sts:AssumeRole' | 'sts:TagSession' | 'sts:SetSourceIdentity';

const extra: Readonly<Record<AssumeAction, string>> = {
  'sts:AssumeRole': '',
  'sts:TagSession': 'sts:TagSession beside sts:AssumeRole, ',
  'sts:SetSourceIdentity': 'sts:SetSourceIdentity beside sts:AssumeRole, ',
};

function deniedAction(error: unknown): AssumeAction {
  const text = error instanceof Error ? error.message : '';
  const denied = /to perform: sts:(?:TagSession|SetSourceIdentity)\b/.exec(text)?.[0];
  return (denied?.slice('to perform: '.length) ?? 'sts:AssumeRole') as AssumeAction;
}

/** DescribeCluster failed. */
export function classifyDescribe(
  error: unknown,
  at: {
    readonly roleArn: string;
    readonly eksCluster: string;
    readonly region: string;
    readonly now: number;
  },
): LinkError {
  return classify(error, describeRules, `DescribeCluster ${at.eksCluster}`, at.now, {
    describe: `the permissions of ${at.roleArn} with eks:DescribeCluster, and the name ${at.eksCluster} with the clusters in ${at.region}`,
  });
}

function classify(
  error: unknown,
  rules: readonly Rule[],
  doing: string,
  now: number,
  compare: Compare,
): LinkError {
  if (error instanceof LinkError) return error;
  const answer = awsAnswer(error, now);
  if (!answer) return networkError(error, doing);
  const found = `${doing}: ${answer.code}: ${answer.text}`;
  if (throttled.test(answer.code) || answer.status === 429 || answer.status >= 500) {
    return new LinkError('network', found, { retryAfterMs: answer.retryAfterMs });
  }
  const rule = rules.find(
    ({ code, text }) => code.test(answer.code) && (text?.test(answer.text) ?? true),
  );
  const link = rule?.link ?? 'network';
  const next = compare[link];
  return new LinkError(link, next === undefined ? found : `${found}. Compare: ${next}.`, {
    transient: rule?.transient ?? false,
  });
}

/** What AWS said, or `undefined` when the error is the transport's own. */
function awsAnswer(error: unknown, now: number): AwsAnswer | undefined {
  if (!(error instanceof Error) || !('$metadata' in error) || !('$fault' in error))
    return undefined;
  const { $metadata, $response } = error as {
    $metadata?: { httpStatusCode?: number };
    $response?: { headers?: Readonly<Record<string, string>> };
  };
  return {
    code: safeText(error.name).replace(/Exception$/, ''),
    text: safeText(error.message).replace(/\.$/, ''),
    status: $metadata?.httpStatusCode ?? 0,
    retryAfterMs: parseRetryAfter($response?.headers?.['retry-after'], now),
  };
}
