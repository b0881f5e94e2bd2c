import { describe, expect, it } from '@jest/globals';
import type { WorkloadKind } from '../../../../src/plan/restart-plan.ts';
import { stampPatch } from '../../../../jobs/restart/kube/stamp.ts';
import { toObserved } from '../../../../jobs/restart/kube/to-observed.ts';

const instant = '2026-01-05T02:15:00Z';
const metadata = { namespace: 'sts', name: 'a', uid: 'u', resourceVersion: '9' };
const common = { ...metadata, generation: 0, labels: {}, podSelector: '', managers: [] };
const template = {
  metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': instant } },
};

describe('the facts of', () => {
  it.each<[WorkloadKind, object, object]>([
    [
      'StatefulSet',
      {
        spec: {
          replicas: 3,
          template,
          updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } },
        },
        status: {
          observedGeneration: 4,
          replicas: 3,
          readyReplicas: 2,
          availableReplicas: 1,
          updatedReplicas: 1,
          currentRevision: 'a-1',
          updateRevision: 'a-2',
        },
      },
      {
        replicas: 3,
        stamp: instant,
        strategy: 'RollingUpdate',
        partition: 2,
        status: {
          observedGeneration: 4,
          replicas: 3,
          readyReplicas: 2,
          availableReplicas: 1,
          updatedReplicas: 1,
          currentRevision: 'a-1',
          updateRevision: 'a-2',
        },
      },
    ],
    [
      'StatefulSet',
      { spec: { updateStrategy: { type: 'OnDelete' } } },
      {
        replicas: 1,
        strategy: 'OnDelete',
        partition: 0,
        status: {
          observedGeneration: 0,
          replicas: 0,
          readyReplicas: 0,
          availableReplicas: 0,
          updatedReplicas: 0,
          currentRevision: '',
          updateRevision: '',
        },
      },
    ],
    [
      'DaemonSet',
      {
        spec: { template, updateStrategy: { type: 'OnDelete' } },
        status: {
          observedGeneration: 2,
          desiredNumberScheduled: 5,
          updatedNumberScheduled: 4,
          numberAvailable: 3,
        },
      },
      {
        replicas: 5,
        stamp: instant,
        strategy: 'OnDelete',
        status: {
          observedGeneration: 2,
          desiredNumberScheduled: 5,
          updatedNumberScheduled: 4,
          numberAvailable: 3,
        },
      },
    ],
    [
      'Rollout',
      {
        spec: {
          replicas: 2,
          paused: true,
          restartAt: instant,
          workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        },
        status: {
          restartedAt: instant,
          phase: 'Degraded',
          message: 'stuck',
          availableReplicas: 1,
          selector: 'app=web',
        },
      },
      {
        replicas: 2,
        paused: true,
        stamp: instant,
        workloadRef: 'web',
        podSelector: 'app=web',
        status: { restartedAt: instant, phase: 'Degraded', message: 'stuck', availableReplicas: 1 },
      },
    ],
    [
      'Rollout',
      // Argo writes null where its clock has stopped; a ReplicaSet is no Deployment behind it.
      { spec: { restartAt: null, template, workloadRef: { kind: 'ReplicaSet', name: 'web' } } },
      { replicas: 1, paused: false, status: { phase: '', message: '', availableReplicas: 0 } },
    ],
    [
      'Deployment',
      { spec: { strategy: { type: 'Recreate' } } },
      {
        replicas: 1,
        paused: false,
        strategy: 'Recreate',
        status: { observedGeneration: 0, replicas: 0, updatedReplicas: 0, availableReplicas: 0 },
      },
    ],
  ])('a %s are taken from %j', (kind, object, facts) => {
    expect(toObserved(kind, { metadata, ...object })).toEqual({ kind, ...common, ...facts });
  });

  it.each<[object, string]>([
    [{ matchLabels: { app: 'a', tier: 'web' } }, 'app=a,tier=web'],
    [
      {
        matchLabels: { app: 'a' },
        matchExpressions: [
          { key: 'tier', operator: 'In', values: ['x', 'y'] },
          { key: 'env', operator: 'NotIn', values: ['dev'] },
          { key: 'here', operator: 'Exists' },
          { key: 'there', operator: 'DoesNotExist' },
        ],
      },
      'app=a,tier in (x,y),env notin (dev),here,!there',
    ],
  ])('a selector %j are its text %s', (selector, text) => {
    expect(toObserved('DaemonSet', { metadata, spec: { selector } }).podSelector).toBe(text);
  });

  const flux = 'toolkit.fluxcd.io';
  const tracking = 'argocd.argoproj.io/tracking-id';
  it.each<[object, string | undefined]>([
    [
      { labels: { [`kustomize.${flux}/name`]: 'web', [`kustomize.${flux}/namespace`]: 'apps' } },
      'Flux Kustomization apps/web',
    ],
    [
      { labels: { [`helm.${flux}/name`]: 'web', [`helm.${flux}/namespace`]: 'apps' } },
      'Flux HelmRelease apps/web',
    ],
    [{ labels: { [`helm.${flux}/name`]: 'web' } }, undefined],
    [{ annotations: { [tracking]: 'shop:apps/Deployment:sts/a' } }, 'Argo CD application shop'],
    // Copied from another object: by its name, by its kind.
    [{ annotations: { [tracking]: 'shop:apps/Deployment:sts/b' } }, undefined],
    [{ annotations: { [tracking]: 'shop:apps/StatefulSet:sts/a' } }, undefined],
    [{ labels: { 'app.kubernetes.io/instance': 'shop' } }, undefined],
  ])('%j belong to %s', (owned, owner) => {
    expect(toObserved('Deployment', { metadata: { ...metadata, ...owned } }).gitOps).toBe(owner);
  });

  it.each([
    ['never', true],
    ['always', undefined],
  ])('an owner who says %s opt out: %s', (value, optedOut) => {
    const annotations = { 'rollcall.dev/restart': value };
    const object = { metadata: { ...metadata, annotations } };
    expect(toObserved('StatefulSet', object).optedOut).toBe(optedOut);
  });
});

/** `fieldsV1` of who wrote an object and nothing else. */
const fieldsOf = (object: object): object =>
  Object.fromEntries(
    Object.entries(object).map(([name, value]: [string, unknown]) => [
      `f:${name}`,
      typeof value === 'object' && value !== null ? fieldsOf(value) : {},
    ]),
  );

describe('the stamp', () => {
  it.each<[WorkloadKind]>([['Deployment'], ['StatefulSet'], ['DaemonSet'], ['Rollout']])(
    'of a %s is read, and owned, where it is written',
    (kind) => {
      const patch = stampPatch(kind, { instant, restart: 'r', resourceVersion: '9' });
      const managedFields = [
        { manager: 'rollcall', operation: 'Update', time: instant, fieldsV1: fieldsOf(patch) },
        { manager: 'helm', operation: 'Update', time: instant, fieldsV1: { 'f:spec': {} } },
      ];
      const { annotations } = patch.metadata;
      const object = {
        metadata: { ...metadata, annotations, managedFields },
        spec: patch.spec,
      };
      const observed = toObserved(kind, object);
      expect(observed).toMatchObject({ stamp: instant, run: `${instant}/r` });
      expect(observed.managers.map(({ ownsStamp }) => ownsStamp)).toEqual([true, undefined]);
    },
  );
});
