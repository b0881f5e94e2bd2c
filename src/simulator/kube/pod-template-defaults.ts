import { isRecord } from './objects.ts';
import { filled, mapped, replaced } from './filled.ts';
import type { Fields } from './filled.ts';

/** pkg/apis/core/v1/defaults.go, SetDefaults_PodSpec and SetDefaults_Container */
export function podTemplate(template: unknown): unknown {
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
