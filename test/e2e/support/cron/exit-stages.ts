import { defaultStages, type Stage } from '../cluster/kwok.ts';

/** On a Job's pod: its container ends with that code, at once. Without it, the pod runs on. */
export const exitCodeAnnotation = 'pod-exits.stage.kwok.x-k8s.io/code';
/** On a Job's pod: the code with which it ends when it is told to. Default: 4, as the job does. */
export const sigtermCodeAnnotation = 'pod-is-terminated.stage.kwok.x-k8s.io/code';

/**
 * kwok's stages, with Jobs' pods that run until a test says how they end. When they are deleted they
 * end before they go, as under a kubelet: the Job controller must see how.
 */
export const exitStages = (): readonly Stage[] => [
  ...defaultStages().filter(({ metadata }) => metadata.name !== 'pod-complete'),
  jobPodStage('job-pod-exits', exitCodeAnnotation, [
    { key: `.metadata.annotations["${exitCodeAnnotation}"]`, operator: 'Exists' },
    { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' },
  ]),
  jobPodStage('job-pod-is-terminated', sigtermCodeAnnotation, [
    { key: '.metadata.deletionTimestamp', operator: 'Exists' },
  ]),
];

const jobPodStage = (name: string, annotation: string, expressions: readonly object[]): Stage => ({
  apiVersion: 'kwok.x-k8s.io/v1alpha1',
  kind: 'Stage',
  metadata: { name },
  spec: {
    resourceRef: { apiGroup: 'v1', kind: 'Pod' },
    // Goes before kwok's own deletion, which would take the pod away as if it still ran.
    weight: 1,
    selector: {
      matchExpressions: [
        { key: '.status.phase', operator: 'In', values: ['Running'] },
        { key: '.metadata.ownerReferences.[].kind', operator: 'In', values: ['Job'] },
        ...expressions,
      ],
    },
    next: { statusTemplate: terminated(annotation) },
  },
});

/** As the kubelet writes it of a pod with one container. */
const terminated = (annotation: string): string => `
{{ $now := Now }}
{{ $code := get ( .metadata.annotations | default dict ) "${annotation}" | default "4" }}
{{ $container := index .spec.containers 0 }}
containerStatuses:
- image: {{ $container.image | Quote }}
  name: {{ $container.name | Quote }}
  ready: false
  restartCount: 0
  started: false
  state:
    terminated:
      exitCode: {{ $code }}
      finishedAt: {{ $now | Quote }}
      reason: {{ if eq $code "0" }}Completed{{ else }}Error{{ end }}
      startedAt: {{ $now | Quote }}
phase: {{ if eq $code "0" }}Succeeded{{ else }}Failed{{ end }}
`;
