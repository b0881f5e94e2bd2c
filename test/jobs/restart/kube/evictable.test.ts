import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Observed } from '../../../../jobs/restart/ports.ts';
import { chooseEviction } from '../../../../jobs/restart/kube/evictable.ts';
import { isReady, type Pod } from '../../../../jobs/restart/kube/pod-facts.ts';
import { makeObserved } from '../support/deployments.ts';
import { after, daemonSet, makePod, stampedAt, statefulSet } from '../support/pods.ts';

/** The pod to be evicted, or why there is none. */
const chosen = (workload: Observed, pods: readonly Pod[]): string => {
  const choice = chooseEviction(workload, pods);
  switch (choice.kind) {
    case 'evict':
      return `evict ${choice.pod.metadata?.name ?? ''}`;
    case 'blocked':
      return `blocked: ${choice.message}`;
    case 'none':
      return 'none';
  }
};

const old = (name: string) => makePod(name, { revision: 'old' });
const fresh = (name: string) => makePod(name, { revision: 'new' });

describe('of a StatefulSet', () => {
  it.each<[string, readonly Pod[], string]>([
    ['the highest ordinal first', [old('a-2'), old('a-10'), old('a-9')], 'evict a-10'],
    ['and downwards', [old('a-0'), old('a-1'), fresh('a-2')], 'evict a-1'],
    ['none of the new revision', [fresh('a-0'), fresh('a-1'), fresh('a-2')], 'none'],
    [
      'none while a new one is not ready',
      [old('a-0'), old('a-1'), makePod('a-2', { revision: 'new', ready: false })],
      'blocked: pod a-2 is not ready',
    ],
    [
      'first an old one that is not ready',
      [makePod('a-0', { revision: 'old', ready: false }), old('a-1'), old('a-2')],
      'evict a-0',
    ],
    [
      'none while two are not ready',
      [
        makePod('a-0', { revision: 'old', ready: false }),
        old('a-1'),
        makePod('a-2', { revision: 'new', ready: false }),
      ],
      'blocked: pod a-2 is not ready',
    ],
    [
      'none while one goes',
      [old('a-0'), old('a-1'), makePod('a-2', { revision: 'old', going: true })],
      'blocked: pod a-2 is going',
    ],
    ['none while one is missing', [old('a-0'), old('a-1')], 'blocked: 1 of its pods are missing'],
    [
      "none of another's",
      [fresh('a-0'), fresh('a-1'), fresh('a-2'), makePod('b-0', { revision: 'x', owner: 'b' })],
      'none',
    ],
  ])('%s', (_what, pods, expected) => {
    expect(chosen(statefulSet, pods)).toBe(expected);
  });

  it('waits until its controller has named the new revision', () => {
    const unseen = { ...statefulSet, generation: 5 };
    expect(chosen(unseen, [fresh('a-0'), fresh('a-1'), fresh('a-2')])).toMatch(/^blocked: /);
  });

  it('takes never a pod while another is not ready, and comes to an end', () => {
    const pod = fc.record({ old: fc.boolean(), ready: fc.boolean(), going: fc.boolean() });
    fc.assert(
      fc.property(fc.array(pod, { minLength: 3, maxLength: 3 }), (facts) => {
        const pods = facts.map((one, ordinal) =>
          makePod(`a-${ordinal}`, {
            revision: one.old ? 'old' : 'new',
            ready: one.ready,
            ...(one.going && { going: true }),
          }),
        );
        const choice = chooseEviction(statefulSet, pods);
        if (choice.kind === 'none') expect(facts.some((one) => one.old)).toBe(false);
        if (choice.kind !== 'evict') return;
        expect(choice.pod.metadata?.labels?.['controller-revision-hash']).toBe('old');
        const others = pods.filter((one) => one !== choice.pod);
        expect(others.every((one) => isReady(one))).toBe(true);
        expect(facts.some(({ going }) => going)).toBe(false);
      }),
    );
  });
});

describe('of a DaemonSet', () => {
  const stamped = (name: string) => makePod(name, { made: after, stamp: stampedAt });
  it.each<[string, readonly Pod[], string]>([
    ['whatever has not its stamp', [makePod('x'), stamped('y'), stamped('z')], 'evict x'],
    [
      'also one made between the instant and the patch',
      [makePod('x', { made: '2026-01-05T02:15:03Z' }), stamped('y'), stamped('z')],
      'evict x',
    ],
    [
      'and one made in the very second of the patch',
      [makePod('x', { made: '2026-01-05T02:15:05Z' }), stamped('y'), stamped('z')],
      'evict x',
    ],
    [
      'no later one, though a webhook took its stamp',
      [makePod('x', { made: after }), stamped('y'), stamped('z')],
      'none',
    ],
    [
      'none that has an older run’s stamp and is not alone in not being ready',
      [
        makePod('x', { stamp: '2025-01-01T00:00:00Z' }),
        stamped('y'),
        makePod('z', { made: after, stamp: stampedAt, ready: false }),
      ],
      'blocked: pod z is not ready',
    ],
  ])('%s', (_what, pods, expected) => {
    expect(chosen(daemonSet, pods)).toBe(expected);
  });
});

it('has nothing to do for a Deployment', () => {
  expect(chosen(makeObserved('a'), [old('a-0')])).toBe('none');
});
