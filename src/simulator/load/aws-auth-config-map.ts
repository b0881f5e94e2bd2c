import { z } from 'zod';
import type { KubeCluster } from '../kube/api-server.ts';

const metadata = { namespace: 'kube-system', name: 'aws-auth' } as const;
const configMap = z.object({ data: z.record(z.string(), z.string()).optional() });

/** The sections of the live ConfigMap kube-system/aws-auth. */
export type AwsAuthData = Readonly<Partial<Record<string, string>>>;

export function readAwsAuth(kube: KubeCluster): AwsAuthData {
  const read = configMap.safeParse(kube.read('ConfigMap', metadata.namespace, metadata.name));
  return read.success ? (read.data.data ?? {}) : {};
}

export function writeAwsAuth(kube: KubeCluster, data: AwsAuthData): void {
  kube.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
}

export type AwsAuthSection = 'mapRoles' | 'mapUsers';

/** The section that maps roles. */
export const readMapRolesText = (kube: KubeCluster): string | undefined =>
  readAwsAuth(kube).mapRoles;

/** Replaces that section and leaves the others. */
export function writeMapRolesText(kube: KubeCluster, mapRoles: string): void {
  writeAwsAuth(kube, { ...readAwsAuth(kube), mapRoles });
}
