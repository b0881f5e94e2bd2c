import { App, Chart, Testing } from 'cdk8s';
import type { Construct } from 'constructs';
import { expect } from '@jest/globals';
import type { PodWiring } from '../../../src/identities/mechanism.ts';
import { roleArn, type AccountId, type Region, type RoleName } from '../../../src/names/arn.ts';
import type { RestartPlan, RestartStrategy } from '../../../src/plan/restart-plan.ts';

/** What a construct makes in a chart of the user's own: objects by kind and name. */
export function made(build: (scope: Construct) => unknown): Readonly<Record<string, unknown>> {
  const chart = new Chart(new App(), 'own', { disableResourceNameHashes: true });
  build(chart);
  const objects = Testing.synth(chart) as { kind: string; metadata: { name: string } }[];
  return Object.fromEntries(objects.map((one) => [`${one.kind} ${one.metadata.name}`, one]));
}

const account = '000000000001' as AccountId;
export const role = roleArn('aws', account, 'restarter' as RoleName);
export const plan: RestartPlan = {
  version: 2,
  fleet: 'fleet',
  restart: 'nightly',
  service: 'restarter',
  cronJob: 'nightly',
  identity: { kind: 'irsa', roleArn: role, region: 'eu-west-1' as Region },
  record: {
    namespace: 'tools',
    configMaps: ['nightly-record-0', 'nightly-record-1'],
    lease: 'nightly-lock',
  },
  strategy: {
    preflight: 'each',
    waves: [{ name: 'all', soakSeconds: 0, gates: [] }],
    maxConcurrentClusters: 2,
    maxConcurrentRollouts: 3,
    timeoutSeconds: 600,
    windows: [],
    blockers: [],
    blockerTimeoutSeconds: 900,
    evictOnDelete: false,
    diagnostics: false,
    argoRollouts: false,
  },
  targets: ['one', 'two', 'three'].map((cluster, index) => ({
    cluster,
    eksCluster: cluster,
    account,
    region: 'eu-west-1' as Region,
    partition: 'aws',
    roleArn: role,
    wave: 0,
    shard: index === 2 ? 1 : 0,
    workloads: [{ namespace: 'shop', kind: 'Deployment', names: ['a', 'b', 'c', 'd'] }],
  })),
};

/** The plan with some of its strategy changed. */
export const planWith = (strategy: Partial<RestartStrategy>): RestartPlan => ({
  ...plan,
  strategy: { ...plan.strategy, ...strategy },
});

export const labels = (name: string, instance: string, component: string) => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/instance': instance,
  'app.kubernetes.io/component': component,
  'app.kubernetes.io/part-of': 'fleet',
  'app.kubernetes.io/managed-by': 'rollcall',
  'app.kubernetes.io/version': expect.any(String),
});

/** Of pods that have no AWS identity. */
export const noWiring: PodWiring = {
  serviceAccountAnnotations: {},
  podAnnotations: {},
  env: {},
  egress: [],
};
