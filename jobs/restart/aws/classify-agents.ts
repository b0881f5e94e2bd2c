import { LinkError } from '../link-error.ts';
import { safeText } from '../redact.ts';
import type { AgentAnswer } from './sessions/credentials-over-http.ts';
import type { TokenClaims } from './web-identity.ts';

/**
 * EKS Pod Identity's agent refused: it passes EKS Auth's error on as text, `(CODE): MESSAGE, fault:
 * …` (aws/eks-pod-identity-agent, pkg/errors/errors.go; codes: EKS Auth API reference,
 * AssumeRoleForPodIdentity). The token is never shown.
 */
export function classifyPodIdentity(
  { status, text }: AgentAnswer,
  at: { readonly roleArn: string; readonly claims: TokenClaims | undefined },
): LinkError {
  const sub = at.claims?.sub ?? '?';
  const found = `EKS Pod Identity's agent answers with ${status}: ${safeText(text)}`;
  const refused = (link: 'identity' | 'subject' | 'audience', next: string, transient = false) =>
    new LinkError(link, `${found}. Compare: ${next}.`, { transient });

  if (status === 429 || status >= 500) return new LinkError('network', found);
  if (/ResourceNotFound|No association/i.test(text)) {
    return refused(
      'identity',
      `the cluster's pod identity associations with ${sub} and ${at.roleArn}`,
    );
  }
  if (/eks-auth:/i.test(text)) {
    return refused(
      'identity',
      "the node's role with eks-auth:AssumeRoleForPodIdentity (in AmazonEKSWorkerNodePolicy)",
    );
  }
  if (/audience/i.test(text)) {
    const aud = at.claims?.aud ?? '?';
    return refused('audience', `the token's aud ${aud} with pods.eks.amazonaws.com`);
  }
  // Kubelet exchanges the token; the next read of the file has a new one.
  if (/ExpiredToken/i.test(text)) return new LinkError('identity', found, { transient: true });
  if (/assume|sts:|AccessDenied/i.test(text)) {
    return refused(
      'subject',
      `the trust policy of ${at.roleArn} with the principal pods.eks.amazonaws.com, which needs sts:AssumeRole and sts:TagSession, and its conditions with ${sub} (with a target role in the association, that role's trust and external id too)`,
    );
  }
  return refused('identity', `the cluster's pod identity association of ${sub}`);
}

/** What an agent that stands in for the metadata service is asked. */
export interface NodeAgentPlace {
  readonly kind: 'kiam' | 'kube2iam';
  readonly roleArn: string;
}

const namespaceAnnotations = {
  kiam: 'iam.amazonaws.com/permitted',
  kube2iam: 'iam.amazonaws.com/allowed-roles',
} as const;

/** What to compare where the pod is not known by the plan's role. */
export const podAnnotation = ({ roleArn }: NodeAgentPlace): string =>
  `the annotation iam.amazonaws.com/role of the CronJob's pods (spec.jobTemplate.spec.template) with ${roleArn}`;

/** What to compare where something else answers. */
export const interception = ({ kind }: NodeAgentPlace): string =>
  `whether ${kind}'s agent runs on the pod's node and takes over 169.254.169.254 from the pod's interface (its --host-interface)`;

/**
 * kiam or kube2iam refused (uswitch/kiam, pkg/aws/metadata and pkg/server/policy.go;
 * jtblin/kube2iam, server/server.go and mappings/mapper.go). What passes while their caches learn of
 * the pod and its namespace is transient.
 */
export function classifyNodeAgent({ status, text }: AgentAnswer, place: NodeAgentPlace): LinkError {
  const { kind, roleArn } = place;
  const found = `The metadata service, which should be ${kind}, answers with ${status}: ${safeText(text)}`;
  const refused = (link: 'identity' | 'subject', next: string, transient = true) =>
    new LinkError(link, `${found}. Compare: ${next}.`, { transient });

  if (/forbidden by policy|namespace policy expression|not valid for namespace/i.test(text)) {
    return refused(
      'identity',
      `the annotation ${namespaceAnnotations[kind]} of the pod's namespace with ${roleArn}`,
    );
  }
  if (/sts:AssumeRole|AccessDenied/i.test(text)) {
    return refused(
      'subject',
      `the trust policy of ${roleArn} with the role of ${asker[kind]}, and that role's permissions with sts:AssumeRole on ${roleArn}`,
      false,
    );
  }
  if (/empty role|unable to find role|Invalid role/i.test(text)) {
    return refused('identity', podAnnotation(place));
  }
  if (status === 429 || status >= 500) return new LinkError('network', found);
  if (status === 401) {
    return refused(
      'identity',
      `${interception(place)}: only the node's own service asks for a token`,
    );
  }
  return refused('identity', `${podAnnotation(place)}; ${interception(place)}`);
}

const asker = { kiam: "kiam's server", kube2iam: 'the node' } as const;
