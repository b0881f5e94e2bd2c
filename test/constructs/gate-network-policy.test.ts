import { expect, it } from '@jest/globals';
import { GateNetworkPolicy } from '../../src/constructs/gate-network-policy.ts';
import type { PlannedGate } from '../../src/plan/restart-plan.ts';
import { labels, made, planWith } from './support/own-app.ts';

const job: PlannedGate = { kind: 'job', image: 'smoke', command: [], timeoutSeconds: 60 };
const approval: PlannedGate = { kind: 'approval', timeoutSeconds: 60 };

const policies = (gates: readonly PlannedGate[]) =>
  made((scope) => {
    const waves = [
      { name: 'first', soakSeconds: 0, gates: [] },
      { name: 'second', soakSeconds: 0, gates },
    ];
    new GateNetworkPolicy(scope, 'gates', { namespace: 'tools', plan: planWith({ waves }) });
  });

it('is made only where a gate is a Job', () => {
  expect(policies([approval])).toEqual({});
});

it('lets nobody in, and out everywhere but to the node’s metadata', () => {
  const policy = policies([approval, job, job])['NetworkPolicy nightly-gates'];
  expect(policy).toEqual({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: {
      name: 'nightly-gates',
      namespace: 'tools',
      labels: labels('rollcall-restart', 'nightly', 'restart'),
    },
    spec: {
      podSelector: {
        matchLabels: {
          'app.kubernetes.io/name': 'rollcall',
          'app.kubernetes.io/instance': 'nightly',
          'app.kubernetes.io/component': 'gate',
        },
      },
      policyTypes: ['Ingress', 'Egress'],
      egress: [
        {
          to: [
            {
              namespaceSelector: {
                matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' },
              },
              podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
            },
            { ipBlock: { cidr: '169.254.20.10/32' } },
          ],
          ports: [
            { port: 53, protocol: 'UDP' },
            { port: 53, protocol: 'TCP' },
          ],
        },
        {
          to: [
            { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } },
            { ipBlock: { cidr: '::/0', except: ['fd00:ec2::254/128'] } },
            { namespaceSelector: {} },
          ],
        },
      ],
    },
  });
});
