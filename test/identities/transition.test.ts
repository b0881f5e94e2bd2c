import { expect, it } from '@jest/globals';
import type { PodIdentityKind } from '../../src/identities/pod-identity.ts';
import { mixFault } from '../../src/identities/transition.ts';

const kinds: readonly PodIdentityKind[] = ['irsa', 'eks-pod-identity', 'kiam', 'kube2iam'];

it('pods have two ways at once, but for an association’s and for two agents', () => {
  const refused = kinds.flatMap((from) =>
    kinds.filter((to) => mixFault(from, to)).map((to) => `${from} → ${to}`),
  );
  expect(refused).toEqual([
    ...kinds.map((to) => `eks-pod-identity → ${to}`),
    'kiam → kube2iam',
    'kube2iam → kiam',
  ]);
});

it('each fault says why, and what to do', () => {
  expect(mixFault('eks-pod-identity', 'irsa')?.expected).toMatch(/every new pod/);
  expect(mixFault('kiam', 'kube2iam')?.expected).toMatch(/metadata service/);
  expect(mixFault('kiam', 'kube2iam')?.next).toContain('irsa or eks-pod-identity');
});
