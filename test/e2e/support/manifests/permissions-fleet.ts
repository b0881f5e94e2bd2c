import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

const oidcIssuer = 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E';
const account = '111122223333';

/**
 * What examples/seed-000.yaml doesn't show: a hub that restarts a workload of its own, and one
 * workload alone in its namespace, which is listed and watched by its name. Gives the fleet file,
 * with its prior state beside it.
 */
export function writeOneNameFleet(folder: string): string {
  const file = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, stringify(content));
    return path;
  };
  file('one-name.prior.yaml', {
    apiVersion: 'rollcall.dev/v1alpha1',
    kind: 'PriorState',
    organization: true,
    accounts: [{ id: account, oidcProviders: [{ issuer: oidcIssuer }] }],
    clusters: [
      {
        name: 'tools',
        account,
        region: 'eu-west-1',
        eksCluster: 'tools',
        oidcIssuer,
        deployments: [
          { namespace: 'gateways', name: 'gateway', replicas: 1, rolloutSeconds: 0.4 },
          { namespace: 'gateways', name: 'bystander', replicas: 1, rolloutSeconds: 0.4 },
        ],
      },
    ],
  });
  return file('one-name.yaml', {
    apiVersion: 'rollcall.dev/v1alpha1',
    kind: 'Fleet',
    name: 'one-name',
    image: 'registry.example.com/rollcall/restart:0.1.0',
    accounts: { tools: account },
    clusters: [
      {
        name: 'tools',
        account: 'tools',
        region: 'eu-west-1',
        oidcIssuer,
        existingOidcProvider: true,
      },
    ],
    services: [
      {
        name: 'key-restarter',
        env: 'prd',
        cluster: 'tools',
        namespace: 'platform',
        reach: [{ clusters: ['tools'], role: 'key-restarter-target' }],
      },
    ],
    restarts: [
      {
        name: 'own-gateway',
        service: 'key-restarter',
        schedule: '30 3 1 * *',
        clusters: ['tools'],
        workloads: [{ namespace: 'gateways', names: ['gateway'] }],
        strategy: { timeout: '5m' },
      },
    ],
  });
}
