import type { KubeObject } from './objects.ts';
import { isRecord } from './objects.ts';
import { filled, replaced } from './filled.ts';
import type { Fields } from './filled.ts';
import { podTemplate } from './pod-template-defaults.ts';
import type { ResourceType } from './resources.ts';
import { daemonSetSpec, jobSpec, statefulSetSpec } from './set-defaults.ts';

/**
 * An object with the API server's defaults filled in: so that a template that comes back by another
 * way (a rollback, an apply) is the same. What is whole already is returned as it is, the very same
 * object. Only the fields that kubectl shows, or sends without having been given them, are here.
 */
export function withDefaults(type: ResourceType, object: KubeObject): KubeObject {
  switch (type.kind) {
    case 'Deployment':
      return withSpec(object, deploymentSpec);
    case 'StatefulSet':
      return withSpec(object, statefulSetSpec);
    case 'DaemonSet':
      return withSpec(object, daemonSetSpec);
    case 'Job':
      return withSpec(object, jobSpec);
    case 'CronJob':
      return withSpec(object, cronJobSpec);
    case 'Namespace':
      return namespace(object);
    default:
      return object;
  }
}

function withSpec(object: KubeObject, fill: (spec: Fields) => Fields): KubeObject {
  if (!isRecord(object.spec)) return object;
  return replaced(object, 'spec', fill(object.spec));
}

/** pkg/apis/apps/v1/defaults.go */
const deploymentDefaults: Fields = {
  replicas: 1,
  progressDeadlineSeconds: 600,
  revisionHistoryLimit: 10,
  strategy: {},
};

function deploymentSpec(given: Fields): Fields {
  const spec = filled(given, deploymentDefaults);
  return replaced(
    replaced(spec, 'strategy', strategy(spec.strategy)),
    'template',
    podTemplate(spec.template),
  );
}

function strategy(given: unknown): unknown {
  if (!isRecord(given)) return given;
  const named = filled(given, { type: 'RollingUpdate' });
  if (named.type !== 'RollingUpdate') return named;
  const rolling = filled(named, { rollingUpdate: {} });
  const { rollingUpdate } = rolling;
  return isRecord(rollingUpdate)
    ? replaced(
        rolling,
        'rollingUpdate',
        filled(rollingUpdate, { maxSurge: '25%', maxUnavailable: '25%' }),
      )
    : rolling;
}

/** pkg/apis/batch/v1/defaults.go */
function cronJobSpec(given: Fields): Fields {
  const spec = filled(given, {
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  });
  const { jobTemplate } = spec;
  if (!isRecord(jobTemplate) || !isRecord(jobTemplate.spec)) return spec;
  const job = replaced(jobTemplate.spec, 'template', podTemplate(jobTemplate.spec.template));
  return replaced(spec, 'jobTemplate', replaced(jobTemplate, 'spec', job));
}

/** pkg/apis/core/v1/defaults.go, SetDefaults_Namespace; pkg/registry/core/namespace/strategy.go */
function namespace(object: KubeObject): KubeObject {
  const { metadata } = object;
  const labels = filled(metadata.labels ?? {}, { 'kubernetes.io/metadata.name': metadata.name });
  const labelled = labels === metadata.labels ? metadata : { ...metadata, labels };
  return filled(replaced(object, 'metadata', labelled), {
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  });
}
