import { z } from 'zod';
import type { KubeCluster } from '../kube/api-server.ts';

const annotations = z
  .record(z.string(), z.string())
  .catch({})
  .transform((all) => ({
    roleArn: all['eks.amazonaws.com/role-arn'],
    audience: all['eks.amazonaws.com/audience'],
    expiration: all['eks.amazonaws.com/token-expiration'],
    regional: all['eks.amazonaws.com/sts-regional-endpoints'],
  }));

/** What the webhook adds to a pod. */
export interface Injected {
  readonly environment: Readonly<Record<string, string>>;
  /** The projected token that `AWS_WEB_IDENTITY_TOKEN_FILE` names. */
  readonly token: {
    readonly path: string;
    readonly audience: string;
    readonly lifetimeSeconds: number;
  };
}

interface WebhookWorld {
  readonly clusters: ReadonlyMap<
    string,
    { readonly kube: Pick<KubeCluster, 'read'>; readonly region: string }
  >;
}

/**
 * The pod identity webhook, by the annotations of the *generated* ServiceAccount. `undefined`: not
 * annotated, so the pod gets nothing and has no identity. `tokenPath` takes the place of the path in
 * the container.
 */
export function webhookEnvironment(
  { clusters }: WebhookWorld,
  clusterName: string,
  namespace: string,
  serviceAccount: string,
  tokenPath?: string,
): Injected | undefined {
  const cluster = clusters.get(clusterName);
  const object = cluster?.kube.read('ServiceAccount', namespace, serviceAccount);
  return cluster && injectedBy(object?.metadata.annotations, cluster.region, tokenPath);
}

/**
 * What the webhook adds for a ServiceAccount's annotations in a cluster of that region
 * (amazon-eks-pod-identity-webhook, pkg/handler/handler.go).
 */
export function injectedBy(
  annotated: unknown,
  region: string,
  tokenPath = '/var/run/secrets/eks.amazonaws.com/serviceaccount/token',
): Injected | undefined {
  const { roleArn, audience, expiration, regional } = annotations.parse(annotated);
  if (roleArn === undefined) return undefined;
  const seconds = Number(expiration ?? 86_400);
  return {
    environment: {
      AWS_ROLE_ARN: roleArn,
      AWS_WEB_IDENTITY_TOKEN_FILE: tokenPath,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      ...(regional === 'true' ? { AWS_STS_REGIONAL_ENDPOINTS: 'regional' } : {}),
    },
    token: {
      path: tokenPath,
      audience: audience ?? 'sts.amazonaws.com',
      lifetimeSeconds: Number.isFinite(seconds) ? Math.max(600, seconds) : 86_400,
    },
  };
}
