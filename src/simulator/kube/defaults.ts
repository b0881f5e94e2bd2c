import type { KubeObject } from './objects.ts';
import { isRecord } from './objects.ts';
import type { ResourceType } from './resources.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * An object with the API server's defaults filled in: so that a template that comes back by another
 * way (a rollback, an apply) is the same. What is whole already is returned as it is, the very same
 * object. Only the fields that kubectl shows, or sends without having been given them, are here.
 */
export function withDefaults(type: ResourceType, object: KubeObject): KubeObject {
  switch (type.kind) {
    case 'Deployment':
      return withSpec(object, deploymentSpec);
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

/** pkg/apis/core/v1/defaults.go, SetDefaults_PodSpec and SetDefaults_Container */
function podTemplate(template: unknown): unknown {
  if (!isRecord(template) || !isRecord(template.spec)) return template;
  const spec = ['containers', 'initContainers'].reduce<Fields>(
    (pod, list) => {
      const containers = pod[list];
      return Array.isArray(containers) ? replaced(pod, list, mapped(containers, container)) : pod;
    },
    filled(template.spec, podDefaults),
  );
  return replaced(template, 'spec', spec);
}

const podDefaults: Fields = {
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  securityContext: {},
  terminationGracePeriodSeconds: 30,
};

function container(given: unknown): unknown {
  if (!isRecord(given)) return given;
  const { image } = given;
  const filledIn = filled(given, {
    imagePullPolicy: typeof image === 'string' && isLatest(image) ? 'Always' : 'IfNotPresent',
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
  const { ports } = filledIn;
  return Array.isArray(ports)
    ? replaced(
        filledIn,
        'ports',
        mapped(ports, (port) => (isRecord(port) ? filled(port, { protocol: 'TCP' }) : port)),
      )
    : filledIn;
}

/** Without a tag it is the latest; the colon of a registry's port begins none. */
const isLatest = (image: string): boolean =>
  !image.includes('@') && (/:([^/]+)$/.exec(image)?.[1] ?? 'latest') === 'latest';

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

/** With what is missing; the same object when nothing is. */
function filled<T extends Fields>(given: T, defaults: Fields): T {
  return Object.keys(defaults).every((key) => given[key] !== undefined)
    ? given
    : { ...defaults, ...withoutUndefined(given) };
}

const withoutUndefined = <T extends Fields>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

/** With another value; the same object when it is the same value. */
const replaced = <T extends Fields>(given: T, key: string, value: unknown): T =>
  given[key] === value ? given : { ...given, [key]: value };

function mapped(list: readonly unknown[], change: (value: unknown) => unknown): readonly unknown[] {
  const changed = list.map(change);
  return changed.every((value, index) => value === list[index]) ? list : changed;
}
