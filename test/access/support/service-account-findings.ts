import type { Case } from './cluster-findings.ts';
import { byKiam, golf, hub, kiam, one } from './parts.ts';

const theirs = { ...one, existingNamespace: true, existingServiceAccount: true };
const byAgent = {
  clusters: [{ ...hub, agents: kiam, infrastructure: { 'cert-manager': 'existing' } }],
};
const legacy = ['finding/legacy-identity', 'services.0'] as const;

const restart = {
  ...{ name: 'nightly', service: 'one', schedule: '0 1 * * *', clusters: ['golf'] },
  workloads: [{ namespaces: ['shop'], names: ['api'] }],
};

/** What a ServiceAccount of someone else's leads to. */
export const findingsOfServiceAccounts: readonly Case[] = [
  [
    'one of someone else’s',
    { services: [theirs] },
    [['finding/existing-service-account', 'services.0.existingServiceAccount']],
  ],
  [
    'default',
    { services: [{ ...theirs, serviceAccount: 'default' }] },
    [['finding/default-service-account', 'services.0.serviceAccount']],
  ],
  [
    'default by EKS Pod Identity',
    { services: [{ ...theirs, serviceAccount: 'default', podIdentity: 'eks-pod-identity' }] },
    [['finding/default-service-account', 'services.0.serviceAccount']],
  ],
  [
    'default by kiam: pods are told by their annotations',
    { ...byAgent, services: [{ ...theirs, ...byKiam, serviceAccount: 'default' }] },
    [legacy],
  ],
  [
    'one of someone else’s by kiam, with the rights of a restart',
    {
      clusters: [...byAgent.clusters, golf],
      services: [{ ...theirs, ...byKiam, reach: [{ clusters: ['golf'] }] }],
      restarts: [restart],
    },
    [legacy, ['finding/existing-service-account', 'services.0.existingServiceAccount']],
  ],
  [
    'default on its way to kiam: it still has the role',
    {
      ...byAgent,
      services: [{ ...theirs, ...byKiam, migratingFrom: 'irsa', serviceAccount: 'default' }],
    },
    [
      legacy,
      ['finding/open-migration', 'services.0.migratingFrom'],
      ['finding/default-service-account', 'services.0.serviceAccount'],
    ],
  ],
];
