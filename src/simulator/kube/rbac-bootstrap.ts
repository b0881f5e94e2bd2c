import type { KubeObject } from './objects.ts';

const publicInfo = ['/healthz', '/livez', '/readyz', '/version', '/version/'];

/**
 * The part of the API server's bootstrap policy that requests here meet
 * (plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go).
 */
export const bootstrapPolicy: readonly KubeObject[] = [
  ...grant('cluster-admin', 'system:masters', [
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    { verbs: ['*'], nonResourceURLs: ['*'] },
  ]),
  ...grant('system:basic-user', 'system:authenticated', [
    {
      verbs: ['create'],
      apiGroups: ['authorization.k8s.io'],
      resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
    },
    {
      verbs: ['create'],
      apiGroups: ['authentication.k8s.io'],
      resources: ['selfsubjectreviews'],
    },
  ]),
  ...grant('system:discovery', 'system:authenticated', [
    {
      verbs: ['get'],
      nonResourceURLs: [
        ...['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*'],
        ...publicInfo,
      ],
    },
  ]),
  ...grant('system:public-info-viewer', 'system:authenticated', [
    { verbs: ['get'], nonResourceURLs: publicInfo },
  ]),
];

function grant(name: string, group: string, rules: readonly unknown[]): readonly KubeObject[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const metadata = { name, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } };
  return [
    { apiVersion, kind: 'ClusterRole', metadata, rules },
    {
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: group }],
    },
  ];
}
