import type { PodIdentityAssociation } from '../aws/pod-identity.ts';
import type { KubeCluster } from '../kube/api-server.ts';
import { podIdentityAudience } from './pod-identity-agent.ts';
import { injectedBy, type Injected } from './webhook.ts';

interface EnvironmentWorld {
  readonly clusters: ReadonlyMap<
    string,
    {
      readonly kube: Pick<KubeCluster, 'read'>;
      readonly region: string;
      readonly associations: readonly PodIdentityAssociation[];
    }
  >;
}

/** Where files and agents stand in for those of a container. */
export interface Places {
  readonly tokenPath?: string;
  /** In place of 169.254.170.23. */
  readonly podIdentityAgent?: string;
}

/**
 * What EKS adds to a pod of that ServiceAccount when it is made: for a pod identity association its
 * agent, which comes before an annotation for IRSA (amazon-eks-pod-identity-webhook,
 * pkg/handler/handler.go). `undefined`: neither, so that nothing is added.
 */
export function podEnvironment(
  { clusters }: EnvironmentWorld,
  clusterName: string,
  namespace: string,
  serviceAccount: string,
  { tokenPath, podIdentityAgent = 'http://169.254.170.23' }: Places = {},
): Injected | undefined {
  const cluster = clusters.get(clusterName);
  if (!cluster) return undefined;
  const { kube, region, associations } = cluster;
  const associated = associations.some(
    (one) => one.namespace === namespace && one.serviceAccount === serviceAccount,
  );
  if (!associated) {
    const object = kube.read('ServiceAccount', namespace, serviceAccount);
    return injectedBy(object?.metadata.annotations, region, tokenPath);
  }
  const path =
    tokenPath ?? '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token';
  return {
    environment: {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${podIdentityAgent}/v1/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: path,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_STS_REGIONAL_ENDPOINTS: 'regional',
    },
    token: { path, audience: podIdentityAudience, lifetimeSeconds: 86_400 },
  };
}
