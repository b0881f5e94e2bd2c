import type { PlannedWorkloads, WorkloadKind } from '../../src/plan/restart-plan.ts';
import type { Random } from './prng.ts';
import { epoch, rfc3339, type SimWorkload } from './world/workload.ts';

/** Workloads of one kind in one namespace that there are when the seed begins. */
export interface NamespaceOf {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly workloads: readonly SimWorkload[];
}

const kinds = ['Deployment', 'Deployment', 'StatefulSet', 'DaemonSet', 'Rollout'] as const;

/** One to six workloads of a cluster, in one to three places. */
export function drawNamespaces(random: Random): readonly NamespaceOf[] {
  const places = random.between(1, 3);
  return Array.from({ length: places }, (_, place): NamespaceOf => {
    const kind = random.pick(kinds);
    const namespace = random.pick(['a', 'b']);
    const count = random.between(1, 2);
    const workloads = Array.from({ length: count }, (__, index) => {
      const ref =
        kind === 'Rollout' && random.chance(0.4) ? `w0${random.between(0, 1)}` : undefined;
      return drawWorkload(random, kind, namespace, `w${place}${index}`, ref);
    });
    return { kind, namespace, workloads };
  });
}

export function drawWorkload(
  random: Random,
  kind: WorkloadKind,
  namespace: string,
  name: string,
  workloadRef?: string,
): SimWorkload {
  const replicas = random.pick([0, 1, 1, 2, 2, 3]);
  const stamp = random.chance(0.3)
    ? rfc3339(epoch - random.pick([20, 600, 7_200, 86_400]) * 1000)
    : undefined;
  const otherStrategy = random.chance(0.2);
  const one: SimWorkload = {
    kind,
    namespace,
    name,
    uid: `${kind}-${namespace}-${name}-1`,
    labels: { app: name, tier: random.pick(['front', 'back']) },
    workloadRef,
    gitOps: random.chance(0.2) ? `Flux Kustomization ${namespace}/${name}` : undefined,
    otherStrategy,
    partition: kind === 'StatefulSet' && !otherStrategy && random.chance(0.2) ? 1 : 0,
    resourceVersion: 0,
    generation: random.between(1, 5),
    replicas,
    stamp,
    run: undefined,
    optedOut: random.chance(0.05),
    paused: (kind === 'Deployment' || kind === 'Rollout') && random.chance(0.06),
    managers: [{ manager: 'helm', operation: 'Update', time: rfc3339(epoch - 86_400_000) }],
    revision: 1,
    currentRevision: 1,
    observedGeneration: 0,
    restartedAt: stamp,
    pods: [],
    broken: false,
    progressAt: 0,
    stalled: false,
  };
  const restarted = stamp === undefined ? -Infinity : Date.parse(stamp);
  for (let ordinal = 0; ordinal < replicas; ordinal += 1) {
    one.pods.push({ ordinal, revision: 1, restarted, ready: true });
  }
  one.observedGeneration = one.generation;
  return one;
}

/** Groups by name and by label; names that nobody has among them. */
export function drawGroups(
  random: Random,
  places: readonly NamespaceOf[],
): readonly PlannedWorkloads[] {
  const selected = new Set<string>();
  return places.map(({ kind, namespace, workloads }, index): PlannedWorkloads => {
    const after = index > 0 && random.chance(0.4) ? { after: [random.between(0, index - 1)] } : {};
    const selector = { tier: random.pick(['front', 'back']) };
    const place = `${kind}/${namespace}/${selector.tier}`;
    if (random.chance(0.3) && !selected.has(place)) {
      selected.add(place);
      return { namespace, kind, names: [], selector, ...after };
    }
    const names = workloads.map(({ name }) => name);
    return { namespace, kind, names: random.chance(0.06) ? [...names, 'nobody'] : names, ...after };
  });
}
