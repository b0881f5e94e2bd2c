import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { PlannedCheck, RestartPlan, RestartStrategy } from '../plan/restart-plan.ts';
import { clusterScoped } from './place.ts';
import { restartLabels } from './restart-labels.ts';

export interface RestartChecksProps {
  readonly plan: RestartPlan;
  /** The ServiceAccount that the job runs as, in the record's namespace. */
  readonly serviceAccount: string;
}

type Condition = Extract<PlannedCheck, { readonly kind: 'condition' }>;

/**
 * What gates and blockers need in the hub: to `get` each object whose condition they ask for, by
 * name, and, only where a gate is a Job, to make and read Jobs in the run record's namespace. Neither
 * can be narrowed: `create` carries no name, and the Jobs' names hold the run's instant. Whoever makes
 * Jobs can run any pod there, as any ServiceAccount of the namespace. Nothing is made where no
 * condition and no Job is asked for.
 */
export class RestartChecks extends Construct {
  constructor(scope: Construct, id: string, props: RestartChecksProps) {
    super(scope, id);
    const { plan, serviceAccount } = props;
    const { namespace } = plan.record;
    const labels = restartLabels(plan);
    const subject = { kind: 'ServiceAccount', name: serviceAccount, namespace };
    // As the names of rights in targets: with the fleet, which keeps two of them apart, and colons.
    const name = `rollcall:${plan.fleet}:${plan.restart}:checks`;
    for (const [place, rules] of conditionRules(plan.strategy)) {
      bind(this, `conditions.${place ?? ''}`, { name, namespace: place, labels, rules, subject });
    }
    if (!hasJobGate(plan.strategy)) return;
    bind(this, 'jobs', {
      name: `${plan.restart}-gates`,
      namespace,
      labels,
      rules: [{ apiGroups: ['batch'], resources: ['jobs'], verbs: ['create', 'get'] }],
      subject,
    });
  }
}

interface Bound {
  readonly name: string;
  /** Absent: a ClusterRole. */
  readonly namespace: string | undefined;
  readonly labels: Record<string, string>;
  readonly rules: k8s.PolicyRule[];
  readonly subject: k8s.Subject;
}

function bind(scope: Construct, id: string, { name, namespace, labels, rules, subject }: Bound) {
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', name };
  if (namespace === undefined) {
    const metadata = { name, labels };
    clusterScoped(new k8s.KubeClusterRole(scope, `${id}-role`, { metadata, rules }));
    clusterScoped(
      new k8s.KubeClusterRoleBinding(scope, `${id}-binding`, {
        metadata,
        roleRef: { ...roleRef, kind: 'ClusterRole' },
        subjects: [subject],
      }),
    );
    return;
  }
  const metadata = { name, namespace, labels };
  new k8s.KubeRole(scope, `${id}-role`, { metadata, rules });
  new k8s.KubeRoleBinding(scope, `${id}-binding`, {
    metadata,
    roleRef: { ...roleRef, kind: 'Role' },
    subjects: [subject],
  });
}

/** Whether a gate is a Job in the hub. */
export const hasJobGate = ({ waves }: RestartStrategy): boolean =>
  waves.some(({ gates }) => gates.some(({ kind }) => kind === 'job'));

/** The rules of each namespace (`undefined`: of none), a resource at a time, all sorted. */
function conditionRules(
  strategy: RestartStrategy,
): ReadonlyMap<string | undefined, k8s.PolicyRule[]> {
  const rules = new Map<string | undefined, k8s.PolicyRule[]>();
  const byResource = Map.groupBy(
    conditionsOf(strategy),
    ({ apiVersion, resource, namespace }) =>
      `${namespace ?? ''} ${groupOf(apiVersion)} ${resource}`,
  );
  for (const [, conditions] of [...byResource].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [first] = conditions;
    if (!first) continue;
    const rule: k8s.PolicyRule = {
      apiGroups: [groupOf(first.apiVersion)],
      resources: [first.resource],
      resourceNames: [...new Set(conditions.map(({ name }) => name))].sort(),
      verbs: ['get'],
    };
    rules.set(first.namespace, [...(rules.get(first.namespace) ?? []), rule]);
  }
  return rules;
}

function conditionsOf({ blockers, waves }: RestartStrategy): readonly Condition[] {
  const gates = waves.flatMap((wave) => wave.gates);
  const checks = gates.flatMap((gate) => (gate.kind === 'check' ? [gate.check] : []));
  return [...blockers, ...checks].filter((check) => check.kind === 'condition');
}

/** `apps/v1` → `apps`; `v1` → the core group, which has no name. */
const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
