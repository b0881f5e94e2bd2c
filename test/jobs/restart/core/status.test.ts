import { describe, expect, it } from '@jest/globals';
import { rolloutStatus } from '../../../../jobs/restart/core/status.ts';
import {
  observed,
  observedDaemonSet,
  observedRollout,
  observedStatefulSet,
} from '../support/observed.ts';

const deadline = { reason: 'ProgressDeadlineExceeded', message: 'no progress' };

describe("kubectl's rules for a Deployment, in kubectl's order", () => {
  it.each([
    ['complete', {}, 'done'],
    [
      'not observed, though the old rollout looks complete',
      { generation: 5, status: { observedGeneration: 4 } },
      'waiting',
    ],
    [
      'not observed, with an old deadline',
      { generation: 5, status: { observedGeneration: 4, progressing: deadline } },
      'waiting',
    ],
    ['past its deadline', { status: { updatedReplicas: 1, progressing: deadline } }, 'failed'],
    ['new replicas missing', { status: { updatedReplicas: 2 } }, 'waiting'],
    ['old replicas still there', { status: { replicas: 4 } }, 'waiting'],
    ['not all available', { status: { availableReplicas: 2 } }, 'waiting'],
    [
      'scaled to nothing',
      { replicas: 0, status: { replicas: 0, updatedReplicas: 0, availableReplicas: 0 } },
      'done',
    ],
    [
      'scaled down, the old ones ending',
      { replicas: 1, status: { replicas: 3, updatedReplicas: 1 } },
      'waiting',
    ],
    ['observed ahead of what was read', { status: { observedGeneration: 9 } }, 'done'],
  ] as const)('%s', (_, overrides, kind) => {
    expect(rolloutStatus(observed(overrides)).kind).toBe(kind);
  });

  it('says what it waits for', () => {
    expect(rolloutStatus(observed({ status: { updatedReplicas: 1 } }))).toEqual({
      kind: 'waiting',
      message: '1 of 3 new replicas made',
    });
  });
});

describe('a StatefulSet', () => {
  it.each([
    ['complete', {}, 'done'],
    ['not observed', { generation: 5, status: { observedGeneration: 4 } }, 'waiting'],
    ['one pod not ready', { status: { readyReplicas: 2 } }, 'waiting'],
    ['ready, but not for minReadySeconds yet', { status: { availableReplicas: 2 } }, 'waiting'],
    ['one pod of before', { status: { updatedReplicas: 2 } }, 'waiting'],
    [
      'all pods new, the revision not current yet',
      { status: { currentRevision: 'app-1' } },
      'waiting',
    ],
    [
      'made smaller, with a new pod still there that it does not need and an old one that it does',
      { replicas: 1, status: { replicas: 2, readyReplicas: 2, updatedReplicas: 1 } },
      'waiting',
    ],
    ['held back by a partition', { partition: 1, status: { updatedReplicas: 2 } }, 'partial'],
    ['on its way to its partition', { partition: 1, status: { updatedReplicas: 1 } }, 'waiting'],
    [
      'with a partition above its replicas',
      { partition: 5, status: { updatedReplicas: 0 } },
      'partial',
    ],
    ['with a partition that holds nothing back', { partition: 1 }, 'done'],
    [
      'OnDelete made smaller in the same way',
      {
        strategy: 'OnDelete',
        replicas: 1,
        status: { replicas: 2, readyReplicas: 2, updatedReplicas: 1 },
      },
      'waiting',
    ],
    [
      'OnDelete with pods of before',
      { strategy: 'OnDelete', status: { updatedReplicas: 1 } },
      'evictable',
    ],
    [
      'OnDelete while one comes back',
      { strategy: 'OnDelete', status: { updatedReplicas: 1, readyReplicas: 2 } },
      'waiting',
    ],
    // The controller never makes the new revision the current one then.
    ['OnDelete, all new', { strategy: 'OnDelete', status: { currentRevision: 'app-1' } }, 'done'],
    [
      'scaled to nothing',
      {
        replicas: 0,
        status: { replicas: 0, readyReplicas: 0, availableReplicas: 0, updatedReplicas: 0 },
      },
      'done',
    ],
  ] as const)('%s', (_, overrides, kind) => {
    expect(rolloutStatus(observedStatefulSet(overrides)).kind).toBe(kind);
  });
});

describe('a DaemonSet', () => {
  it.each([
    ['complete', {}, 'done'],
    ['not observed', { generation: 5, status: { observedGeneration: 4 } }, 'waiting'],
    ['one node with a pod of before', { status: { updatedNumberScheduled: 2 } }, 'waiting'],
    ['one pod not available', { status: { numberAvailable: 2 } }, 'waiting'],
    [
      'OnDelete with pods of before',
      { strategy: 'OnDelete', status: { updatedNumberScheduled: 2 } },
      'evictable',
    ],
    [
      'OnDelete while one comes back',
      { strategy: 'OnDelete', status: { updatedNumberScheduled: 2, numberAvailable: 2 } },
      'waiting',
    ],
    ['OnDelete, all new', { strategy: 'OnDelete' }, 'done'],
    [
      'on no node',
      { status: { desiredNumberScheduled: 0, updatedNumberScheduled: 0, numberAvailable: 0 } },
      'done',
    ],
  ] as const)('%s', (_, overrides, kind) => {
    expect(rolloutStatus(observedDaemonSet(overrides)).kind).toBe(kind);
  });
});

describe('an Argo Rollout', () => {
  const stamp = '2026-11-23T02:15:00Z';
  it.each([
    ['never asked', {}, 'done'],
    ['asked, and not begun', { stamp }, 'waiting'],
    ['restarted before', { stamp, status: { restartedAt: '2026-11-22T02:15:00Z' } }, 'waiting'],
    ['restarted', { stamp, status: { restartedAt: stamp } }, 'done'],
    [
      "restarted, in another zone's clock",
      { stamp, status: { restartedAt: '2026-11-23T03:15:00+01:00' } },
      'done',
    ],
    [
      'restarted as far as the new template goes',
      { stamp, status: { restartedAt: stamp, updating: true } },
      'waiting',
    ],
    ['restarted while paused', { stamp, paused: true, status: { restartedAt: stamp } }, 'done'],
    [
      'restarted, not all up',
      { stamp, status: { restartedAt: stamp, availableReplicas: 2 } },
      'waiting',
    ],
    [
      'stuck',
      {
        stamp,
        status: {
          phase: 'Degraded',
          message: 'ProgressDeadlineExceeded: ReplicaSet "a" has timed out progressing.',
        },
      },
      'failed',
    ],
  ] as const)('%s', (_, overrides, kind) => {
    expect(rolloutStatus(observedRollout(overrides)).kind).toBe(kind);
  });
});
