import { parseAllDocuments } from 'yaml';
import type { OutputFile } from '../../../src/iam/render.ts';
import { isDnsSubdomain } from '../../../src/names/kubernetes.ts';
import type {
  PlannedCheck,
  PlannedWorkloads,
  RestartPlan,
} from '../../../src/plan/restart-plan.ts';

/** A rule as a Role holds it. */
export type Rule = Readonly<Record<string, readonly string[]>>;

/** The plans in the ConfigMaps of the output: what is asked for is read off these alone. */
export const plansOf = (manifests: readonly OutputFile[]): readonly RestartPlan[] =>
  manifests
    .flatMap(({ text }) => parseAllDocuments(text).map((document) => document.toJS() as Data))
    .flatMap(({ data }) => data?.['plan.json'] ?? [])
    .map((json) => JSON.parse(json) as RestartPlan);

interface Data {
  readonly data?: Readonly<Record<string, string>>;
}

/** Who may do what without a reason in any plan: one line for each such right of the rule. */
const unasked = (rule: Rule, isAsked: (right: Right) => boolean): readonly string[] => {
  const { apiGroups = [], resources = [], verbs = [], resourceNames, ...others } = rule;
  const names = resourceNames ?? [undefined];
  const rights = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) => names.map((name) => ({ group, resource, verb, name }))),
    ),
  );
  return [
    ...rights
      .filter((right) => !isAsked(right))
      .map(({ group, resource, verb, name }) => `${verb} ${group}/${resource} ${name ?? '*'}`),
    ...(rights.length > 0 ? [] : ['a rule of nothing, whose resourceNames name everything']),
    ...(resourceNames?.every((name) => typeof name === 'string' && isDnsSubdomain(name)) === false
      ? ['a resourceName that is no name']
      : []),
    ...(names.length > 1 && verbs.some((verb) => /list|watch/.test(verb))
      ? ['a list of several names']
      : []),
    ...Object.keys(others).map((key) => `a rule with ${key}`),
  ];
};

interface Right {
  readonly group: string;
  readonly resource: string;
  readonly verb: string;
  /** Absent: any. */
  readonly name: string | undefined;
}

const resourceOf = {
  Deployment: 'apps/deployments',
  StatefulSet: 'apps/statefulsets',
  DaemonSet: 'apps/daemonsets',
  Rollout: 'argoproj.io/rollouts',
} as const;

/** Rights in a target's namespace that no plan for this cluster asks for. */
export function targetRuleViolations(
  rule: Rule,
  plans: readonly RestartPlan[],
  cluster: string,
  namespace: string | undefined,
): readonly string[] {
  const asked = plans.flatMap(({ strategy, targets }) =>
    targets
      .filter((target) => target.cluster === cluster)
      .flatMap(({ workloads }) => workloads)
      .filter((workloads) => workloads.namespace === namespace)
      .map((workloads) => ({ strategy, workloads })),
  );
  const waits = ({ kind }: PlannedWorkloads) => kind === 'StatefulSet' || kind === 'DaemonSet';
  return unasked(rule, ({ group, resource, verb, name }) => {
    const touches = (one: PlannedWorkloads) =>
      resourceOf[one.kind] === `${group}/${resource}` &&
      (verb === 'list' || verb === 'watch' || one.selector !== undefined || namesIt(one, name));
    return asked.some(({ strategy, workloads }) => {
      switch (`${verb} ${group}/${resource}`) {
        case 'create /pods/eviction':
          return strategy.evictOnDelete && waits(workloads);
        case 'list /pods':
          return strategy.diagnostics || (strategy.evictOnDelete && waits(workloads));
        case 'list /events':
        case 'create /events':
          return strategy.diagnostics;
        case 'list argoproj.io/rollouts':
        case 'watch argoproj.io/rollouts':
          return (strategy.argoRollouts && workloads.kind === 'Deployment') || touches(workloads);
        default:
          return /^(get|list|watch|patch)$/.test(verb) && touches(workloads);
      }
    });
  });
}

const namesIt = ({ names }: PlannedWorkloads, name: string | undefined): boolean =>
  name !== undefined && names.includes(name);

/** Rights in the hub that are neither of a run record nor of a gate or blocker. */
export function hubRuleViolations(
  rule: Rule,
  plans: readonly RestartPlan[],
  namespace: string | undefined,
): readonly string[] {
  const checks = plans.flatMap(({ strategy: { waves, blockers } }) => [
    ...blockers,
    ...waves.flatMap(({ gates }) =>
      gates.flatMap((one) => (one.kind === 'check' ? one.check : [])),
    ),
  ]);
  return unasked(rule, ({ group, resource, verb, name = '' }) => {
    const here = plans.filter(({ record }) => record.namespace === namespace);
    switch (`${verb} ${group}/${resource}`) {
      case 'get /configmaps':
      case 'patch /configmaps':
        if (here.some(({ record }) => record.configMaps.includes(name))) return true;
        break;
      case 'get coordination.k8s.io/leases':
      case 'patch coordination.k8s.io/leases':
        if (here.some(({ record }) => record.lease === name)) return true;
        break;
      case 'create batch/jobs':
      case 'get batch/jobs':
        if (here.some(withJobGate)) return true;
        break;
    }
    return (
      verb === 'get' && checks.some((one) => isAbout(one, { group, resource, namespace, name }))
    );
  });
}

/** kiam's server and kube2iam see pods and namespaces; the server tells a pod's owner what it refuses. */
export const agentRuleViolations = (rule: Rule, chart: string): readonly string[] =>
  unasked(rule, ({ group, resource, verb, name }) => {
    if (group !== '' || name !== undefined) return false;
    switch (resource) {
      case 'pods':
      case 'namespaces':
        return verb === 'list' || verb === 'watch';
      case 'events':
        return chart === 'kiam.k8s.yaml' && (verb === 'create' || verb === 'patch');
      default:
        return false;
    }
  });

const withJobGate = ({ strategy }: RestartPlan): boolean =>
  strategy.waves.some(({ gates }) => gates.some(({ kind }) => kind === 'job'));

const isAbout = (
  check: PlannedCheck,
  at: { group: string; resource: string; namespace: string | undefined; name: string },
): boolean =>
  check.kind === 'condition' &&
  check.resource === at.resource &&
  check.name === at.name &&
  check.namespace === at.namespace &&
  check.apiVersion.replace(/\/?[^/]*$/, '') === at.group;
