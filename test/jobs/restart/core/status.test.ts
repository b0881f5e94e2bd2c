import { describe, expect, it } from '@jest/globals';
import { rolloutStatus } from '../../../../jobs/restart/core/rollout-status.ts';
import { observed } from '../support/observed.ts';

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
