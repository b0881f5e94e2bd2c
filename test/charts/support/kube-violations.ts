import type { Fleet } from '../../../src/fleet/model.ts';
import type { OutputFile } from '../../../src/iam/render.ts';
import type { RestartPlan } from '../../../src/plan/restart-plan.ts';
import { agentViolations } from './agent-violations.ts';
import { bindingViolations } from './binding-violations.ts';
import { certificateViolations } from './certificate-violations.ts';
import { objectViolations } from './object-violations.ts';
import { objectsOf, podOf, type KubeObject } from './objects.ts';
import { isPeoples, peopleViolations } from './people-violations.ts';
import { podViolations } from './pod-violations.ts';
import {
  agentRuleViolations,
  hubRuleViolations,
  plansOf,
  targetRuleViolations,
  type Rule,
} from './rule-violations.ts';

/** What may stand in each file that is applied. */
const kindsOf: Readonly<Record<string, readonly string[]>> = {
  'hub.k8s.yaml': [
    ...['Namespace', 'ServiceAccount', 'ConfigMap', 'Lease', 'NetworkPolicy', 'CronJob'],
    ...['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'],
  ],
  // Of a target's namespace nothing is ours but rights.
  'target.k8s.yaml': ['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'],
  'kiam.k8s.yaml': [
    ...['Namespace', 'ServiceAccount', 'ClusterRole', 'ClusterRoleBinding', 'Service'],
    ...['DaemonSet', 'Issuer', 'ClusterIssuer', 'Certificate'],
  ],
  'kube2iam.k8s.yaml': [
    ...['Namespace', 'ServiceAccount', 'ClusterRole', 'ClusterRoleBinding', 'DaemonSet'],
  ],
};

/** A file of the folders that are applied. */
interface Manifest {
  readonly path: string;
  readonly text: string;
  readonly cluster: string;
  readonly chart: string;
  readonly objects: readonly KubeObject[];
}

/** What Kubernetes would refuse, and what nobody should sign, in the folders that are applied. */
export function kubeViolations(files: readonly OutputFile[], fleet: Fleet): readonly string[] {
  const applied = files.filter(({ path }) => !path.startsWith('_'));
  const manifests = applied.map(({ path, text }): Manifest => {
    const [cluster = '', chart = ''] = path.split('/');
    return { path, text, cluster, chart, objects: objectsOf(text) };
  });
  const plans = plansOf(applied);
  return [
    ...manifests.flatMap((manifest) =>
      [...textViolations(manifest), ...manifestViolations(manifest, fleet, plans)].map(
        (violation) => `${manifest.path}: ${violation}`,
      ),
    ),
    ...repetitions(manifests),
  ];
}

function textViolations({ text, objects }: Manifest): readonly string[] {
  const readAlike = JSON.stringify(objects) === JSON.stringify(objectsOf(text, '1.2'));
  return [
    ...(readAlike ? [] : ['YAML 1.1 and 1.2 read it differently']),
    // The API server drops it: every apply would write the object again.
    ...(objects.some(holdsEmptyList) ? ['an empty list'] : []),
  ];
}

const holdsEmptyList = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  ((Array.isArray(value) && value.length === 0) || Object.values(value).some(holdsEmptyList));

function manifestViolations(
  { cluster, chart, objects }: Manifest,
  fleet: Fleet,
  plans: readonly RestartPlan[],
): readonly string[] {
  return objects.flatMap((object) => {
    const { kind, metadata } = object;
    const { name } = metadata;
    if (!kindsOf[chart]?.includes(kind)) return [`a ${kind} in ${chart}`];
    const pod = podOf(object);
    return [
      ...objectViolations(object, chart),
      ...certificateViolations(object),
      ...agentViolations(
        object,
        fleet.clusters.find((one) => one.name === cluster),
      ),
      ...(pod ? podViolations(pod, { chart, kind, name }) : []).map(
        (one) => `${kind} ${name}: ${one}`,
      ),
      ...(chart === 'target.k8s.yaml' && isPeoples(object)
        ? peopleViolations(object, cluster, fleet)
        : [
            ...ruleViolations(object, plans, { chart, cluster }),
            ...bindingViolations(object, objects, { chart, cluster, fleet }),
          ]),
    ];
  });
}

/** Rules that nothing in the output has a use for, in the place that their file is applied to. */
function ruleViolations(
  { kind, metadata: { name, namespace }, rules = [] }: KubeObject,
  plans: readonly RestartPlan[],
  { chart, cluster }: Pick<Manifest, 'chart' | 'cluster'>,
): readonly string[] {
  const violationsOf = (rule: Rule): readonly string[] => {
    switch (chart) {
      case 'target.k8s.yaml':
        return targetRuleViolations(rule, plans, cluster, namespace);
      case 'hub.k8s.yaml':
        return hubRuleViolations(rule, plans, namespace);
      default:
        return agentRuleViolations(rule, chart);
    }
  };
  return rules
    .flatMap(violationsOf)
    .map((violation) => `${kind} ${namespace}/${name}: ${violation}`);
}

/** Of two objects of one cluster by the same name one would overwrite the other. */
function repetitions(manifests: readonly Manifest[]): readonly string[] {
  const keys = manifests.flatMap(({ cluster, objects }) =>
    objects.map(
      ({ apiVersion, kind, metadata: { namespace, name } }) =>
        `${cluster}: ${apiVersion} ${kind} ${namespace}/${name}`,
    ),
  );
  const seen = new Set<string>();
  return keys.filter((key) => seen.size === seen.add(key).size).map((key) => `twice: ${key}`);
}
