/** Names that the generated objects of a restart carry, decided in one place. */

/**
 * Workloads in one ConfigMap of the run record. Each write carries the whole of one, so that small
 * ones keep the cost of a large run linear: some 20 kB here.
 */
export const workloadsPerRecordShard = 250;

/** STS's audience for web identities: the pod identity webhook's default (pkg/handler/handler.go). */
export const webIdentityAudience = 'sts.amazonaws.com';

export const planConfigMapName = (restart: string): string => `${restart}-plan`;

/** The run record's ConfigMaps for so many workloads: at least one. */
export const recordConfigMapNames = (restart: string, workloads: number): readonly string[] =>
  Array.from(
    { length: Math.max(1, Math.ceil(workloads / workloadsPerRecordShard)) },
    (_, shard) => `${restart}-record-${shard}`,
  );

export const subjectOf = (namespace: string, serviceAccount: string): string =>
  `system:serviceaccount:${namespace}:${serviceAccount}`;
