import type { IdentityMechanism, IdentityPlan, IdentityRequest } from '../mechanism.ts';
import type { EksPodIdentity } from '../pod-identity.ts';
import type { PodTags } from '../trust.ts';

/** EKS Pod Identity (EKS user guide, "Learn how EKS Pod Identity grants Pods access to AWS services"). */
export const eksPodIdentity: IdentityMechanism<'eks-pod-identity'> = {
  kind: 'eks-pod-identity',
  // aws/amazon-eks-pod-identity-webhook, pkg/handler/handler.go: "Container credentials method takes precedence".
  holdsOn:
    'its association, without which running pods get no new session, gives every new pod of the ServiceAccount EKS Pod Identity too',
  // What it needs is an add-on, which no fleet file shows.
  hostFault: () => undefined,
  namespaceAnnotations: () => ({}),
  plan,
};

function plan(request: IdentityRequest<EksPodIdentity>): IdentityPlan {
  const { identity, role, namespace, serviceAccount, host, targets, sourceIdentity } = request;
  const tags: PodTags = { clusterArn: host.arn, namespace, serviceAccount };
  const target = identity.targetRole ? targets[0] : undefined;
  return {
    trusts: [
      { kind: 'pod-identity', tags, account: host.account, sessionTags: identity.sessionTags },
    ],
    assumedBy: [],
    targetTrust: ({ externalId }) => ({
      kind: 'role',
      roleArn: role.arn,
      ...(externalId === undefined ? {} : { externalId }),
      ...(identity.sessionTags ? { podTags: tags } : {}),
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    }),
    chained: true,
    targetSessionSeconds: 3600,
    wiring: {
      serviceAccountAnnotations: {},
      podAnnotations: {},
      env: {},
      egress: [{ kind: 'pod-identity-agent' }],
    },
    association: {
      namespace,
      serviceAccount,
      roleArn: role.arn,
      ...(target === undefined ? {} : { targetRoleArn: target }),
      disableSessionTags: !identity.sessionTags,
    },
    job: {
      kind: 'eks-pod-identity',
      roleArn: role.arn,
      region: host.region,
      targetRole: target !== undefined,
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    },
  };
}
