/** Names that the generated objects of a restart carry, decided in one place. */

/** STS's audience for web identities: the pod identity webhook's default (pkg/handler/handler.go). */
export const webIdentityAudience = 'sts.amazonaws.com';

export const planConfigMapName = (restart: string): string => `${restart}-plan`;

export const recordConfigMapName = (restart: string, shard: number): string =>
  `${restart}-record-${shard}`;

export const leaseName = (restart: string): string => `${restart}-lock`;

export const subjectOf = (namespace: string, serviceAccount: string): string =>
  `system:serviceaccount:${namespace}:${serviceAccount}`;
