import { parseAllDocuments } from 'yaml';
import type { OutputFile } from '../../../src/iam/render.ts';
import type { RestartPlan } from '../../../src/plan/restart-plan.ts';
import {
  isDnsLabel,
  isDnsSubdomain,
  isLabelKey,
  isLabelValue,
} from '../../../src/names/kubernetes.ts';
import { hubRuleViolations, plansOf, targetRuleViolations, type Rule } from './rule-violations.ts';

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, unknown>>;
    readonly annotations?: Readonly<Record<string, unknown>>;
  };
  readonly rules?: readonly Rule[];
  readonly data?: Readonly<Record<string, string>>;
  readonly roleRef?: { readonly kind: string; readonly name: string };
  readonly subjects?: readonly { readonly kind: string; readonly name: unknown }[];
}

/** The objects of a manifest, as a parser of YAML 1.1 sees them, or one of 1.2. */
export const objectsOf = (text: string, version: '1.1' | '1.2' = '1.1'): readonly KubeObject[] =>
  parseAllDocuments(text, { version, merge: false }).map((document) => {
    if (document.errors[0]) throw document.errors[0];
    return document.toJS() as KubeObject;
  });

const apis: Readonly<Record<string, string>> = {
  Namespace: 'v1',
  ServiceAccount: 'v1',
  ConfigMap: 'v1',
  Lease: 'coordination.k8s.io/v1',
  ClusterRole: 'rbac.authorization.k8s.io/v1',
  ClusterRoleBinding: 'rbac.authorization.k8s.io/v1',
  Role: 'rbac.authorization.k8s.io/v1',
  RoleBinding: 'rbac.authorization.k8s.io/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  CronJob: 'batch/v1',
};

/** What Kubernetes would refuse, and what nobody should sign, in the folders that are applied. */
export function kubeViolations(files: readonly OutputFile[]): readonly string[] {
  const manifests = files.filter(({ path }) => !path.startsWith('_'));
  const plans = plansOf(manifests);
  return [
    ...manifests.flatMap(fileViolations),
    ...manifests.flatMap((file) => ruleViolationsOf(file, plans)),
    ...repetitions(manifests),
  ];
}

/** Rules that no plan asks for, in the place that their file is applied to. */
function ruleViolationsOf(
  { path, text }: OutputFile,
  plans: readonly RestartPlan[],
): readonly string[] {
  const [cluster = '', chart = ''] = path.split('/');
  return objectsOf(text).flatMap(({ kind, metadata: { name, namespace }, rules = [] }) =>
    rules
      .flatMap((rule) =>
        chart === 'target.k8s.yaml'
          ? targetRuleViolations(rule, plans, cluster, namespace)
          : hubRuleViolations(rule, plans, namespace),
      )
      .map((violation) => `${path}: ${kind} ${namespace}/${name}: ${violation}`),
  );
}

function fileViolations({ path, text }: OutputFile): readonly string[] {
  const objects = objectsOf(text);
  const readAlike = JSON.stringify(objects) === JSON.stringify(objectsOf(text, '1.2'));
  return [
    ...(readAlike ? [] : ['YAML 1.1 and 1.2 read it differently']),
    // The API server drops it: every apply would write the object again.
    ...(/: \[\]$/m.test(text) ? ['an empty list'] : []),
    ...objects.flatMap(objectViolations),
    ...(path.endsWith('/target.k8s.yaml') ? objects.flatMap(targetViolations) : []),
    ...objects.flatMap((object) => bindingViolations(object, objects)),
  ].map((violation) => `${path}: ${violation}`);
}

/** Of two objects of one cluster by the same name one would overwrite the other. */
function repetitions(manifests: readonly OutputFile[]): readonly string[] {
  const keys = manifests.flatMap(({ path, text }) =>
    objectsOf(text).map(
      ({ kind, metadata: { namespace, name } }) =>
        `${path.split('/')[0]}: ${kind} ${namespace}/${name}`,
    ),
  );
  return keys.filter((key, index) => keys.indexOf(key) !== index).map((key) => `twice: ${key}`);
}

const isOfNoNamespace = (kind: string): boolean => /^(Namespace|ClusterRole.*)$/.test(kind);

function objectViolations({ apiVersion, kind, metadata }: KubeObject): readonly string[] {
  const { name, namespace, labels = {}, annotations = {} } = metadata;
  const is = (right: boolean, violation: string) =>
    right ? [] : [`${kind} ${name}: ${violation}`];
  const isTexts = (values: readonly unknown[]) =>
    values.every((value) => typeof value === 'string');
  return [
    ...is(apis[kind] === apiVersion, `apiVersion ${apiVersion}`),
    ...is(isNameOf(kind, name), 'not a name'),
    ...is(
      isOfNoNamespace(kind) ? namespace === undefined : isDnsLabel(namespace ?? ''),
      `namespace ${namespace}`,
    ),
    ...is(!/^(default|kube-.*)$/.test(kind === 'Namespace' ? name : ''), "Kubernetes' own"),
    ...is(isTexts(Object.values(annotations)), 'an annotation that is no text'),
    ...is(Object.keys(labels).length >= 6, 'lacks labels'),
    ...Object.entries(labels).flatMap(([key, value]) =>
      is(
        isLabelKey(key) && typeof value === 'string' && isLabelValue(value),
        `label ${key}=${String(value)}`,
      ),
    ),
    ...is(kind !== 'ConfigMap' || name !== 'aws-auth', 'would replace the nodes’ roles'),
  ];
}

/** Names of RBAC are path segments; the others that we make are DNS names, CronJobs' at most 52. */
function isNameOf(kind: string, name: unknown): boolean {
  if (typeof name !== 'string') return false;
  if (/^(Cluster)?Role/.test(kind)) return name.length > 0 && !/^\.\.?$|[/%]/.test(name);
  if (kind === 'Namespace') return isDnsLabel(name);
  return kind === 'CronJob' ? isDnsLabel(name) && name.length <= 52 : isDnsSubdomain(name);
}

/** Of a target's namespace nothing is ours but the right to restart. */
const targetViolations = ({ kind }: KubeObject): readonly string[] =>
  kind === 'Role' || kind === 'RoleBinding' ? [] : [`a ${kind} in a target`];

function bindingViolations(
  { kind, metadata, roleRef, subjects = [] }: KubeObject,
  objects: readonly KubeObject[],
): readonly string[] {
  if (!/^(Cluster)?RoleBinding$/.test(kind)) return [];
  const bound = objects.some(
    (one) =>
      one.kind === roleRef?.kind &&
      one.metadata.name === roleRef.name &&
      one.metadata.namespace === metadata.namespace &&
      kind === `${one.kind}Binding`,
  );
  return [
    ...(bound ? [] : [`RoleBinding ${metadata.name} of a ${roleRef?.kind} that is not ours`]),
    ...(subjects.length === 1
      ? []
      : [`RoleBinding ${metadata.name} of ${subjects.length} subjects`]),
    ...subjects
      .filter(
        ({ kind, name }) =>
          typeof name !== 'string' ||
          /^system:|\*/.test(name) ||
          !/^(User|ServiceAccount)$/.test(kind),
      )
      .map(({ kind, name }) => `RoleBinding ${metadata.name} of ${kind} ${String(name)}`),
  ];
}
