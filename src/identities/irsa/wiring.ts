import type { Region, RoleArn } from '../../names/arn.ts';
import type { PodWiring } from '../mechanism.ts';
import type { Irsa } from '../pod-identity.ts';

/** As the webhook does it (aws/amazon-eks-pod-identity-webhook, pkg/handler/handler.go). */
const token = {
  volume: 'aws-iam-token',
  mountPath: '/var/run/secrets/eks.amazonaws.com/serviceaccount',
  path: 'token',
} as const;

/** Where a container finds its web identity token. */
export const webIdentityTokenFile = `${token.mountPath}/${token.path}`;

/** The webhook's defaults: an annotation that says them again would be noise. */
const defaults = { audience: 'sts.amazonaws.com', expirationSeconds: 86400 } as const;

/**
 * By annotations, where the cluster has the webhook and the pods one role; else written out.
 * @param roleArn absent: each call names its own role
 */
export function irsaWiring(
  identity: Irsa,
  roleArn: RoleArn | undefined,
  region: Region,
): PodWiring {
  return identity.webhook && roleArn !== undefined
    ? { serviceAccountAnnotations: irsaAnnotations(identity, roleArn), ...nothingElse }
    : { ...nothingElse, serviceAccountAnnotations: {}, ...writtenOut(identity, roleArn, region) };
}

const nothingElse = { podAnnotations: {}, env: {}, egress: [] } as const;

/** What the webhook reads on a ServiceAccount (aws/amazon-eks-pod-identity-webhook, README). */
export function irsaAnnotations(
  identity: Pick<Irsa, 'audience' | 'tokenExpirationSeconds' | 'regionalEndpoints'>,
  roleArn: RoleArn,
): Readonly<Record<string, string>> {
  const { audience, tokenExpirationSeconds, regionalEndpoints } = identity;
  return {
    'eks.amazonaws.com/role-arn': roleArn,
    'eks.amazonaws.com/sts-regional-endpoints': String(regionalEndpoints),
    ...(audience === defaults.audience ? {} : { 'eks.amazonaws.com/audience': audience }),
    ...(tokenExpirationSeconds === defaults.expirationSeconds
      ? {}
      : { 'eks.amazonaws.com/token-expiration': String(tokenExpirationSeconds) }),
  };
}

const writtenOut = (
  identity: Irsa,
  roleArn: RoleArn | undefined,
  region: Region,
): Pick<PodWiring, 'env' | 'token'> => ({
  env: {
    AWS_REGION: region,
    ...(roleArn === undefined ? {} : { AWS_ROLE_ARN: roleArn }),
    ...(identity.regionalEndpoints ? { AWS_STS_REGIONAL_ENDPOINTS: 'regional' } : {}),
    AWS_WEB_IDENTITY_TOKEN_FILE: webIdentityTokenFile,
  },
  token: {
    ...token,
    audience: identity.audience,
    expirationSeconds: identity.tokenExpirationSeconds,
  },
});
