import type { Stage } from './stage.ts';

/** On a pod template: how its pods fail once it is restarted. With any other value they are never ready. */
export const failingAnnotation = 'rollcall-e2e/fails-when-restarted';
const restartedAt = 'kubectl.kubernetes.io/restartedAt';

/** The command of a Job's container that ends with an error. */
const failingCommand = '/fails';

const podStage = (name: string, matches: readonly object[], statusTemplate: string): Stage => ({
  apiVersion: 'kwok.x-k8s.io/v1alpha1',
  kind: 'Stage',
  metadata: { name },
  spec: {
    resourceRef: { apiGroup: 'v1', kind: 'Pod' },
    // Goes before kwok's own stages, by which every pod is well.
    weight: 1,
    selector: {
      matchExpressions: [
        { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' },
        ...matches,
      ],
    },
    next: { statusTemplate },
  },
});

const failsAs = (how: string): readonly object[] => [
  { key: `.metadata.annotations["${failingAnnotation}"]`, operator: 'In', values: [how] },
  { key: `.metadata.annotations["${restartedAt}"]`, operator: 'Exists' },
  // Once.
  { key: '.status.containerStatuses', operator: 'DoesNotExist' },
];

const unready = `
{{ $now := Now }}
{{ $container := index .spec.containers 0 }}
conditions:
- { lastTransitionTime: {{ $now | Quote }}, status: "True", type: Initialized }
- { lastTransitionTime: {{ $now | Quote }}, status: "False", type: Ready, reason: ContainersNotReady }
- { lastTransitionTime: {{ $now | Quote }}, status: "False", type: ContainersReady, reason: ContainersNotReady }
startTime: {{ $now | Quote }}
`;

/** As the kubelet writes it of a container that has crashed again and again. */
const crashLoop = `${unready}
containerStatuses:
- image: {{ $container.image | Quote }}
  name: {{ $container.name | Quote }}
  ready: false
  restartCount: 4
  started: false
  lastState:
    terminated: { exitCode: 1, reason: Error, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} }
  state:
    waiting: { reason: CrashLoopBackOff, message: back-off 40s restarting failed container }
phase: Running
`;

/** As the kubelet writes it of an image that is not there. */
const imagePull = `${unready}
containerStatuses:
- image: {{ $container.image | Quote }}
  name: {{ $container.name | Quote }}
  ready: false
  restartCount: 0
  started: false
  state:
    waiting: { reason: ImagePullBackOff, message: Back-off pulling image {{ $container.image | Quote }} }
phase: Pending
`;

const jobFails = `
{{ $now := Now }}
{{ $container := index .spec.containers 0 }}
containerStatuses:
- image: {{ $container.image | Quote }}
  name: {{ $container.name | Quote }}
  ready: false
  restartCount: 0
  started: false
  state:
    terminated: { exitCode: 1, reason: Error, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} }
phase: Failed
`;

/** Pods of restarted workloads that do not come up, and Jobs that fail. */
export const failingStages: readonly Stage[] = [
  podStage('pod-crash-loop', failsAs('crashLoop'), crashLoop),
  podStage('pod-image-pull', failsAs('imagePull'), imagePull),
  podStage(
    'job-pod-fails',
    [
      { key: '.status.phase', operator: 'In', values: ['Running'] },
      { key: '.spec.containers[0].command[0]', operator: 'In', values: [failingCommand] },
    ],
    jobFails,
  ),
];
