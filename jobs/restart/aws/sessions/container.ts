import type { ContainerIdentity } from '../../../../src/plan/restart-plan.ts';
import { LinkError } from '../../link-error.ts';
import { safeText } from '../../redact.ts';
import { classifyPodIdentity } from '../classify-agents.ts';
import type { Renewable } from '../renewing.ts';
import { readTokenFile } from '../token-file.ts';
import { readClaims } from '../web-identity.ts';
import { askAgent, readCredentials } from './credentials-over-http.ts';
import type { Session, SessionOptions } from './session.ts';

/**
 * Credentials of EKS Pod Identity's agent, by the pod's token for it (EKS user guide, "Understand
 * how EKS Pod Identity works"). Throws `LinkError`.
 */
export async function fromContainer(
  { roleArn }: ContainerIdentity,
  { environment, clock, version }: SessionOptions,
): Promise<Renewable<Session>> {
  const { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file } =
    environment;
  if (!uri || !file) throw notInjected(uri ? [] : ['AWS_CONTAINER_CREDENTIALS_FULL_URI'], file);
  const url = agentUrl(uri);
  const token = await readTokenFile(file, 'EKS Pod Identity token', 'eks-pod-identity-token');
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new LinkError(
      'identity',
      'The EKS Pod Identity token is no token: it holds other characters.',
    );
  }
  const doing = `EKS Pod Identity for ${roleArn}`;
  const answer = await askAgent({
    url,
    headers: { authorization: token },
    doing,
    compare:
      "whether the add-on eks-pod-identity-agent runs on the pod's node, and the namespace's NetworkPolicies with TCP port 80 of 169.254.170.23",
    version,
  });
  if (answer.status !== 200) {
    throw classifyPodIdentity(answer, { roleArn, claims: readClaims(token) });
  }
  return readCredentials(answer.text, { doing, now: clock.now() });
}

function notInjected(missing: readonly string[], file: string | undefined): LinkError {
  const names = [...missing, ...(file ? [] : ['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE'])];
  return new LinkError(
    'identity',
    `The pod has no identity: ${names.join(' and ')} not set. Expected: EKS sets both for a ServiceAccount with a pod identity association. ` +
      "Compare: the cluster's associations with the pod's namespace and ServiceAccount; " +
      'a pod that is older than the association must be made again.',
  );
}

/**
 * The agent's addresses and the loopback, in clear text: the token goes nowhere else (as the AWS SDKs
 * have it: AWS SDKs and tools reference guide, "Container credential provider"; of theirs those
 * hosts are left out where no EKS agent is).
 */
const agentHost = /^(?:169\.254\.170\.23|\[fd00:ec2::23\]|127(?:\.\d{1,3}){3}|\[::1\])$/;

function agentUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' && agentHost.test(url.hostname) && url.username === '') return url;
  throw new LinkError(
    'identity',
    `AWS_CONTAINER_CREDENTIALS_FULL_URI is ${safeText(text)}. Expected: http://169.254.170.23/v1/credentials or http://[fd00:ec2::23]/v1/credentials; the token is sent nowhere else. ` +
      "Next: look who sets the variable in the pod's template.",
  );
}
