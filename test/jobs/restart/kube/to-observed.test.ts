import { describe, expect, it } from '@jest/globals';
import { LinkError } from '../../../../jobs/restart/link-error.ts';
import { toObserved } from '../../../../jobs/restart/kube/to-observed.ts';
import { makeDeployment } from '../support/deployments.ts';

const workloadKinds = ['Deployment', 'StatefulSet', 'DaemonSet', 'Rollout'] as const;
const identityOf = { namespace: 'sts', name: 'a', uid: 'u', resourceVersion: '9' };

describe('toObserved', () => {
  it('takes the facts of a deployment that has them all', () => {
    const base = makeDeployment('a', { stamp: '2026-01-05T02:15:00Z' });
    const object = {
      ...base,
      metadata: { ...base.metadata, annotations: { 'rollcall.dev/run': 'i/r', other: 'x' } },
      spec: { ...base.spec, paused: true, replicas: 0 },
      status: {
        ...base.status,
        conditions: [
          { type: 'Available', reason: 'MinimumReplicasAvailable', message: '' },
          { type: 'Progressing', reason: 'ProgressDeadlineExceeded', message: 'timed out' },
        ],
      },
    };
    expect(toObserved('Deployment', object)).toEqual({
      kind: 'Deployment',
      labels: {},
      podSelector: 'app=a',
      strategy: 'RollingUpdate',
      namespace: 'sts',
      name: 'a',
      uid: 'uid-of-a',
      resourceVersion: '7',
      generation: 3,
      paused: true,
      replicas: 0,
      status: {
        observedGeneration: 3,
        replicas: 2,
        updatedReplicas: 2,
        availableReplicas: 2,
        progressing: { reason: 'ProgressDeadlineExceeded', message: 'timed out' },
      },
      stamp: '2026-01-05T02:15:00Z',
      run: 'i/r',
      managers: [{ manager: 'helm', operation: 'Update', time: '2026-01-01T00:00:00Z' }],
    });
  });

  it('fills in what the API leaves out, and adds no keys', () => {
    expect(toObserved('Deployment', { metadata: identityOf })).toEqual({
      ...identityOf,
      kind: 'Deployment',
      generation: 0,
      labels: {},
      podSelector: '',
      strategy: 'RollingUpdate',
      paused: false,
      replicas: 1,
      status: { observedGeneration: 0, replicas: 0, updatedReplicas: 0, availableReplicas: 0 },
      managers: [],
    });
    expect(Object.keys(toObserved('Deployment', { metadata: identityOf }))).not.toContain('stamp');
  });

  it('reads dates as text or as client-node gives them', () => {
    const withTime = (time: unknown) => {
      const managedFields = [{ manager: 'helm', operation: 'Apply', time }];
      return toObserved('Deployment', { metadata: { ...identityOf, managedFields } }).managers[0]
        ?.time;
    };
    expect(withTime('2026-01-01T00:00:00Z')).toBe('2026-01-01T00:00:00Z');
    expect(withTime(new Date('2026-01-01T00:00:00Z'))).toBe('2026-01-01T00:00:00Z');
    expect(withTime(undefined)).toBe('');
  });

  it('tells who owns the stamp, and leaves out who wrote to a subresource alone', () => {
    const time = '2026-01-01T00:00:00Z';
    const owning = (annotation: string, manager: string) => ({
      manager,
      operation: 'Update',
      time,
      fieldsV1: {
        'f:spec': { 'f:template': { 'f:metadata': { 'f:annotations': { [annotation]: {} } } } },
      },
    });
    const managedFields = [
      owning('f:kubectl.kubernetes.io/restartedAt', 'kubectl-rollout'),
      owning('f:other', 'helm'),
      { manager: 'kubectl', operation: 'Update', subresource: 'scale', time, fieldsV1: {} },
      { manager: 'kube-controller-manager', operation: 'Update', subresource: 'status', time },
    ];
    expect(
      toObserved('Deployment', { metadata: { ...identityOf, managedFields } }).managers,
    ).toEqual([
      { manager: 'kubectl-rollout', operation: 'Update', time, ownsStamp: true },
      { manager: 'helm', operation: 'Update', time },
    ]);
  });

  it.each([undefined, null, 'text', {}, { metadata: { ...identityOf, uid: '' } }])(
    'refuses %j, as any kind',
    (object) => {
      for (const kind of workloadKinds) expect(() => toObserved(kind, object)).toThrow(LinkError);
    },
  );
});
