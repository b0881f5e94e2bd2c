import type { Json, JsonObject, KubeObject, Path } from './json.ts';
import { textAt, valueAt } from './json.ts';

/** Where a CronJob has its pods' template. */
export const podTemplate: Path = ['spec', 'jobTemplate', 'spec', 'template'];

/**
 * For each restart a pod that `helm test` runs: the job itself, as its CronJob would run it, with
 * `--dry-run`. It is made from the CronJob, so that identity, environment and NetworkPolicy are the same.
 */
export const testPods = (objects: readonly KubeObject[]): readonly KubeObject[] =>
  objects.filter(({ kind }) => kind === 'CronJob').map(testPod);

function testPod(cronJob: KubeObject): KubeObject {
  const template = mapAt(cronJob, podTemplate);
  const metadata = mapAt(template, ['metadata']);
  const spec = mapAt(template, ['spec']);
  const [container, ...others] = listAt(spec, ['containers']);
  if (container === undefined || others.length > 0) throw new Error('a job has one container');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${cronJob.metadata.name}-dry-run`,
      namespace: textAt(cronJob, ['metadata', 'namespace']),
      labels: mapAt(metadata, ['labels']),
      annotations: {
        ...(valueAt(metadata, ['annotations']) as JsonObject | undefined),
        'helm.sh/hook': 'test',
        'helm.sh/hook-delete-policy': 'before-hook-creation',
      },
    },
    spec: {
      ...spec,
      // A dry run is at most as long as a run.
      activeDeadlineSeconds:
        valueAt(cronJob, ['spec', 'jobTemplate', 'spec', 'activeDeadlineSeconds']) ?? null,
      containers: [
        {
          ...(container as JsonObject),
          args: [...listAt(container, ['args']), '--dry-run'],
        },
      ],
    },
  };
}

function mapAt(value: Json, path: Path): JsonObject {
  const map = valueAt(value, path);
  if (typeof map === 'object' && map !== null && !Array.isArray(map)) return map as JsonObject;
  throw new Error(`no map is at ${path.join('.')}`);
}

function listAt(value: Json, path: Path): readonly Json[] {
  const list = valueAt(value, path);
  if (Array.isArray(list)) return list as readonly Json[];
  throw new Error(`no list is at ${path.join('.')}`);
}
