import type { InfrastructureName } from '../fleet/model.ts';

/** The charts of a cluster, in the order in which they are applied. */
export const chartOrder = ['kiam', 'kube2iam', 'target', 'hub'] as const;
export type ChartKind = (typeof chartOrder)[number];

/**
 * What a chart waits for, where Flux installs it: kiam's Certificates are a kind of cert-manager's,
 * and pods of a hub shall not run before their NetworkPolicies are enforced.
 */
export const needs: Readonly<Record<ChartKind, readonly InfrastructureName[]>> = {
  kiam: ['cert-manager', 'calico'],
  kube2iam: ['calico'],
  target: [],
  hub: ['calico'],
};
