import type { Problem } from '../fleet/diagnostic.ts';

/** Every code of what is allowed, and is worth a second look. Each is explained in docs/errors.md. */
export const findingCodes = [
  'finding/legacy-identity',
  'finding/open-migration',
  'finding/no-session-tags',
  'finding/default-service-account',
  'finding/existing-service-account',
  'finding/escalation',
  'finding/wildcard-action',
  'finding/wildcard-resource',
  'finding/wildcard-rule',
  'finding/cluster-admin',
  'finding/sensitive-rights',
  'finding/system-group',
  'finding/no-mfa',
  'finding/no-cert-manager',
  'finding/no-rights',
  'finding/shared-username',
  'finding/role-path',
  'finding/empty-kubeconfig',
  'finding/unused-cluster',
] as const;

/** Nothing fails by it: it is told with every plan and synth. */
export interface Finding extends Problem {
  readonly code: (typeof findingCodes)[number];
}
