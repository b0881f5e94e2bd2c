import type { KubeObject } from '../delivery/objects.ts';

/** What is applied when: a wave begins when the one before is healthy (Argo CD, "Sync Phases and Waves"). */
const waves = { kiam: '0', kube2iam: '0', target: '1', hub: '2' } as const;

/** The object, in its chart's wave. */
export const inWave = (chart: keyof typeof waves, object: KubeObject): KubeObject => ({
  ...object,
  metadata: {
    ...object.metadata,
    annotations: { ...object.metadata.annotations, 'argocd.argoproj.io/sync-wave': waves[chart] },
  },
});
