import { describe, expect, it } from '@jest/globals';
import { ailingPods, diagnosisOf } from '../../../../jobs/restart/kube/diagnosis.ts';
import type { PodEvent } from '../../../../jobs/restart/kube/pod-events.ts';
import type { ContainerStatus, Pod } from '../../../../jobs/restart/kube/pod-facts.ts';
import { after, makePod, stampedAt } from '../support/pods.ts';
import { plantedSecrets } from '../support/secrets.ts';

const diagnose = (pods: readonly Pod[], events: readonly PodEvent[] = []) =>
  diagnosisOf(ailingPods(pods, stampedAt), events);

const waiting = (reason: string, message?: string, restartCount = 0): ContainerStatus => ({
  restartCount,
  state: { waiting: { reason, ...(message && { message }) } },
});
const crashing = (restartCount: number): ContainerStatus => ({
  ...waiting('CrashLoopBackOff', 'back-off 5m0s', restartCount),
  lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
});

const ailing = (container: ContainerStatus, made = after) =>
  makePod('a-1', { made, ready: false, phase: 'Pending', container });

describe('a diagnosis', () => {
  it.each<[string, ContainerStatus, string, boolean]>([
    [
      'an image that is not there',
      waiting('ImagePullBackOff', 'Back-off pulling image "app:2"'),
      'ImagePullBackOff: container main, Back-off pulling image "app:2" (pod a-1)',
      true,
    ],
    [
      'a first failed pull',
      waiting('ErrImagePull'),
      'ErrImagePull: container main (pod a-1)',
      false,
    ],
    [
      'no name of an image',
      waiting('InvalidImageName'),
      'InvalidImageName: container main (pod a-1)',
      true,
    ],
    [
      'a crash loop',
      crashing(3),
      'CrashLoopBackOff: container main, last ended with OOMKilled, exit code 137, 3 restarts (pod a-1)',
      true,
    ],
    [
      'a crash loop that has just begun',
      crashing(2),
      'CrashLoopBackOff: container main, last ended with OOMKilled, exit code 137, 2 restarts (pod a-1)',
      false,
    ],
    [
      'a Secret that is missing',
      waiting('CreateContainerConfigError', 'secret "x" not found'),
      'CreateContainerConfigError: container main, secret "x" not found (pod a-1)',
      false,
    ],
    ['a slow start', waiting('ContainerCreating'), 'ContainerCreating (pod a-1)', false],
  ])('tells %s', (_what, container, summary, hopeless) => {
    expect(diagnose([ailing(container)])).toEqual({ summary, hopeless });
  });

  it('tells no place to run, with the scheduler’s words', () => {
    const message = '0/3 nodes are available: 3 Insufficient cpu.';
    const pod = makePod('a-1', {
      made: after,
      ready: false,
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
    });
    expect(diagnose([pod]).summary).toBe(`Unschedulable: ${message} (pod a-1)`);
  });

  it('tells a readiness that fails, with the last warnings of the pod', () => {
    const at = (second: number) => `2026-01-05T02:16:0${second}Z`;
    const events: PodEvent[] = [
      { type: 'Normal', reason: 'Started', message: 'x', lastTimestamp: at(9) },
      { type: 'Warning', reason: 'Unhealthy', message: '503', count: 7, lastTimestamp: at(2) },
      { type: 'Warning', reason: 'BackOff', message: 'new', lastTimestamp: null, eventTime: at(5) },
      { type: 'Warning', reason: 'Old', message: 'one', lastTimestamp: at(1) },
      { type: 'Warning', reason: 'Older', message: 'still', lastTimestamp: at(0) },
    ];
    expect(diagnose([makePod('a-1', { made: after, ready: false })], events).summary).toBe(
      'NotReady: containers with unready status: [main] (pod a-1). Events: BackOff: new; Unhealthy: 503 (7 times); Old: one',
    );
  });

  it('takes the most telling of the new pods, and names some of those that have it', () => {
    const pods = ['a-5', 'a-4', 'a-3', 'a-2'].map((name) =>
      makePod(name, { made: after, ready: false, container: waiting('ErrImagePull') }),
    );
    const crash = makePod('a-1', { made: after, ready: false, container: crashing(9) });
    const older = makePod('b', { ready: false, container: waiting('InvalidImageName') });
    expect(diagnose([older, crash, ...pods])).toEqual({
      summary: 'ErrImagePull: container main (pods a-2, a-3, a-4 and 1 more)',
      // The crash loop is of a new pod too.
      hopeless: true,
    });
  });

  it('never gives up for a pod from before the stamp', () => {
    const { summary, hopeless } = diagnose([ailing(crashing(9), '2026-01-05T02:14:59Z')]);
    expect([summary.endsWith('(older pod a-1)'), hopeless]).toEqual([true, false]);
    expect(diagnose([ailing(crashing(9), stampedAt)]).hopeless).toBe(true);
  });

  it('finds nothing in pods that are ready, done or going', () => {
    const pods = [
      makePod('ready', { container: crashing(9) }),
      makePod('done', { ready: false, phase: 'Succeeded' }),
      makePod('going', { ready: false, going: true, made: after, container: crashing(9) }),
    ];
    expect(diagnose(pods)).toEqual({ summary: '', hopeless: false });
  });

  it.each(Object.entries(plantedSecrets))('shows no %s', (_what, { text, secret }) => {
    const pods = [ailing(waiting('CreateContainerConfigError', text))];
    const events = [{ type: 'Warning', reason: 'Failed', message: text }];
    expect(diagnose(pods, events).summary).not.toContain(secret);
  });
});
