import { defaultStages, type Stage } from '../cluster/kwok.ts';

/** On a pod of `helm test`: it ends badly. Without it, it ends well. */
export const failsAnnotation = 'rollcall-e2e/test-fails';

/** kwok's stages, with pods of `helm test` that end: kwok's own ends those of Jobs alone. */
export const testStages = (): readonly Stage[] => [...defaultStages(), testEnds];

const testEnds: Stage = {
  apiVersion: 'kwok.x-k8s.io/v1alpha1',
  kind: 'Stage',
  metadata: { name: 'test-pod-ends' },
  spec: {
    resourceRef: { apiGroup: 'v1', kind: 'Pod' },
    weight: 1,
    selector: {
      matchExpressions: [
        { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' },
        { key: '.metadata.annotations["helm.sh/hook"]', operator: 'In', values: ['test'] },
        { key: '.status.phase', operator: 'In', values: ['Running'] },
      ],
    },
    next: {
      statusTemplate: `
{{ $now := Now }}
{{ $fails := hasKey .metadata.annotations "${failsAnnotation}" }}
{{ $container := index .spec.containers 0 }}
containerStatuses:
- image: {{ $container.image | Quote }}
  name: {{ $container.name | Quote }}
  ready: false
  restartCount: 0
  started: false
  state:
    terminated:
      exitCode: {{ if $fails }}3{{ else }}0{{ end }}
      finishedAt: {{ $now | Quote }}
      reason: {{ if $fails }}Error{{ else }}Completed{{ end }}
      startedAt: {{ $now | Quote }}
phase: {{ if $fails }}Failed{{ else }}Succeeded{{ end }}
`,
    },
  },
};
