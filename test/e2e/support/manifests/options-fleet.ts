import { join } from 'node:path';
import { writeSmallFleet } from '../../../contract/support/small-fleet.ts';

/** What the restart of the fleet finds. */
export const planned = [
  { kind: 'Deployment', namespace: 'apps', name: 'reader' },
  { kind: 'StatefulSet', namespace: 'apps', name: 'store' },
  { kind: 'StatefulSet', namespace: 'apps', name: 'bad' },
  { kind: 'DaemonSet', namespace: 'apps', name: 'agent' },
  { kind: 'Rollout', namespace: 'apps', name: 'shop' },
  { kind: 'Deployment', namespace: 'plain', name: 'web' },
  { kind: 'Deployment', namespace: 'plain', name: 'bad' },
] as const;

/** Every option for which the job is given more rights, in one restart of cluster `one`. */
export const writeOptionsFleet = (folder: string): string =>
  writeSmallFleet(join(folder, 'files'), {
    hub: { deployments: [{ namespace: 'monitoring', name: 'probes' }] },
    targets: {
      one: {
        nodes: 1,
        deployments: [
          { namespace: 'apps', name: 'reader', labels: { part: 'keys' }, rolloutSeconds: 0.3 },
          { namespace: 'plain', name: 'web', rolloutSeconds: 0.3 },
          // Only where a rollout does not come up are pods and events looked at.
          { namespace: 'plain', name: 'bad', failing: 'imagePull', rolloutSeconds: 10 },
        ],
        statefulSets: [
          { namespace: 'apps', name: 'store', updateStrategy: 'OnDelete', rolloutSeconds: 0.3 },
          { namespace: 'apps', name: 'bad', failing: 'crashLoop', rolloutSeconds: 0.3 },
        ],
        daemonSets: [
          { namespace: 'apps', name: 'agent', updateStrategy: 'OnDelete', rolloutSeconds: 0.3 },
        ],
        rollouts: [{ namespace: 'apps', name: 'shop', rolloutSeconds: 0.3 }],
      },
    },
    restarts: {
      everything: {
        workloads: [
          { namespace: 'apps', selector: { part: 'keys' } },
          { namespace: 'apps', kind: 'StatefulSet', names: ['store', 'bad'] },
          { namespace: 'apps', kind: 'DaemonSet', names: ['agent'] },
          { namespace: 'apps', kind: 'Rollout', names: ['shop'] },
          { namespace: 'plain', names: ['web', 'bad'] },
        ],
        strategy: {
          evictOnDelete: true,
          diagnostics: true,
          onFailure: 'continue',
          maxConcurrentRollouts: 10,
          waves: [
            {
              name: 'all',
              gates: [
                {
                  condition: {
                    apiVersion: 'apps/v1',
                    resource: 'deployments',
                    namespace: 'monitoring',
                    name: 'probes',
                    type: 'Available',
                  },
                },
                { job: { image: 'registry.example.com/smoke:1' } },
              ],
            },
          ],
        },
      },
    },
  });
