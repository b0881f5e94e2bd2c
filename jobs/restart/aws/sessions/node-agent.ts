import type { NodeAgentIdentity } from '../../../../src/plan/restart-plan.ts';
import { LinkError } from '../../link-error.ts';
import { safeText } from '../../redact.ts';
import { retry, type RetryRule } from '../../retry.ts';
import { classifyNodeAgent, interception, podAnnotation } from '../classify-agents.ts';
import type { Renewable } from '../renewing.ts';
import { askAgent, readCredentials } from './credentials-over-http.ts';
import type { IdentityEnvironment, Session, SessionOptions } from './session.ts';

/**
 * The agents learn of a pod from their caches, and a young pod may ask before (jtblin/kube2iam
 * issue 136): some seconds are given to them, here, so that what stays wrong is said soon.
 */
const untilKnown: readonly RetryRule[] = [
  { links: ['identity'], attempts: 5, baseMs: 500, capMs: 4000 },
];

/**
 * Credentials from the address of the metadata service, which kiam or kube2iam has taken over.
 * Asked without a token of IMDSv2: neither knows one, and both would pass the question for it on to
 * the node's own service (kiam, pkg/aws/metadata/handler_proxy.go; kube2iam, server/server.go).
 * Throws `LinkError`.
 */
export async function fromNodeAgent(
  identity: NodeAgentIdentity,
  options: SessionOptions,
): Promise<Renewable<Session>> {
  const { clock, random } = options;
  try {
    return await retry(() => askOnce(identity, options), {
      clock,
      signal: new AbortController().signal,
      rules: untilKnown,
      ...(random ? { random } : {}),
    });
  } catch (error) {
    // It was given its time: whoever called waits no more for it.
    if (error instanceof LinkError && error.link === 'identity') {
      throw new LinkError(error.link, error.message, { cause: error.cause });
    }
    throw error;
  }
}

async function askOnce(
  identity: NodeAgentIdentity,
  { clock, environment, version }: SessionOptions,
): Promise<Renewable<Session>> {
  const { kind, roleArn } = identity;
  const base = metadataUrl(environment);
  const ask = async (name: string) => {
    const answer = await askAgent({
      url: new URL(`${base.pathname.replace(/\/$/, '')}/${path}${name}`, base.origin),
      doing: `${kind} for ${roleArn}`,
      compare: `${interception(identity)}; the namespace's NetworkPolicies with the agent's port`,
      version,
    });
    if (answer.status !== 200) throw classifyNodeAgent(answer, identity);
    return answer.text;
  };
  requireRole((await ask('')).trim().replace(/^\//, ''), identity);
  // By the whole ARN, whatever name was given: both agents compare it with that of the pod's role, and
  // refuse another account's or path's of the same name; the node's own service knows none.
  const credentials = await ask(roleArn);
  return readCredentials(credentials, { doing: `${kind} for ${roleArn}`, now: clock.now() });
}

/** EC2 user guide, "Retrieve security credentials from instance metadata". */
const path = 'latest/meta-data/iam/security-credentials/';

/** Default: the address of EC2. The variable is the one that the AWS SDKs heed. */
function metadataUrl({ AWS_EC2_METADATA_SERVICE_ENDPOINT: text }: IdentityEnvironment): URL {
  if (!text) return new URL('http://169.254.169.254');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' && url.username === '') return url;
  throw new LinkError(
    'identity',
    `AWS_EC2_METADATA_SERVICE_ENDPOINT is ${safeText(text)}. Expected: http://HOST[:PORT], or that it is not set.`,
  );
}

/**
 * What can't be the role is told here, before it is asked for: kiam gives the annotation as it stands,
 * kube2iam the ARN; both may leave out a base, with a path.
 */
function requireRole(name: string, identity: NodeAgentIdentity): void {
  const { kind, roleArn } = identity;
  if (name === roleArn || (name !== '' && roleArn.endsWith(`/${name}`))) return;
  throw new LinkError(
    'identity',
    `The metadata service, which should be ${kind}, gives the role ${JSON.stringify(safeText(name).slice(0, 300))}. Expected: ${roleArn}. ` +
      `Compare: ${podAnnotation(identity)}; where it is the node's own role, ${interception(identity)}.`,
    { transient: true },
  );
}
