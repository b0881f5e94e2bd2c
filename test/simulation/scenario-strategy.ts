import type {
  PlannedCheck,
  PlannedGate,
  PlannedWindow,
  RestartStrategy,
} from '../../src/plan/restart-plan.ts';
import type { Swarm } from './faults.ts';
import type { Random } from './prng.ts';

const check: PlannedCheck = { kind: 'prometheus', url: 'https://metrics', query: 'ALERTS' };

/** Each option is left out more often than not, so that it is also seen alone. */
export function drawStrategy(random: Random, waves: number, swarm: Swarm): RestartStrategy {
  const often = <T>(probability: number, value: () => T): T | undefined =>
    random.chance(probability) ? value() : undefined;
  const overall = often(0.2, () => random.between(1, 4));
  const cluster = often(0.1, () => random.pick([60, 200, 900]));
  const run = often(0.1, () => random.pick([60, 300, 1_800]));
  const interval = often(0.15, () => random.pick([60, 3_600]));
  const settle = often(0.2, () => random.pick([20, 120]));
  const budget = often(0.5, () =>
    random.chance(0.6)
      ? { kind: 'count' as const, count: random.pick([0, 0, 1, 2]) }
      : { kind: 'percent' as const, percent: random.pick([10, 30, 60]) },
  );
  return {
    preflight: random.chance(0.2) ? 'all' : 'each',
    waves: Array.from({ length: waves }, (_, index) => ({
      name: `wave${index}`,
      soakSeconds: random.pick([0, 0, 30, 90]),
      gates: drawGates(random),
    })),
    maxConcurrentClusters: random.between(1, 3),
    maxConcurrentRollouts: random.between(1, 3),
    ...(overall !== undefined && { maxConcurrentRolloutsOverall: overall }),
    ...(budget && { failureBudget: budget }),
    timeoutSeconds: random.pick([40, 120, 240, 600]),
    ...(cluster !== undefined && { clusterTimeoutSeconds: cluster }),
    ...(run !== undefined && { runTimeoutSeconds: run }),
    windows: random.chance(0.12) ? [drawWindow(random)] : [],
    ...(interval !== undefined && { minIntervalSeconds: interval }),
    blockers: swarm.has('blocker') || random.chance(0.1) ? [check] : [],
    blockerTimeoutSeconds: random.pick([60, 300]),
    ...(settle !== undefined && { settleSeconds: settle }),
    evictOnDelete: random.chance(0.5),
    diagnostics: random.chance(0.4),
    argoRollouts: random.chance(0.4),
  };
}

function drawGates(random: Random): readonly PlannedGate[] {
  if (random.chance(0.75)) return [];
  const timeoutSeconds = random.pick([30, 120, 300]);
  const gates: readonly PlannedGate[] = [
    { kind: 'approval', timeoutSeconds },
    { kind: 'check', check, timeoutSeconds },
    { kind: 'job', image: 'smoke', command: [], timeoutSeconds },
  ];
  return random.chance(0.3)
    ? [random.pick(gates), random.pick(gates)].filter((gate) => gate !== undefined)
    : [random.pick(gates)].filter((gate) => gate !== undefined);
}

/** In a zone without summer time, so that whoever checks can reckon for himself. */
function drawWindow(random: Random): PlannedWindow {
  // 02:15 UTC is 07:45 in Kolkata.
  const from = 7 * 60 + 45 - random.pick([-2, 0, 5, 60]);
  return { timeZone: 'Asia/Kolkata', days: [1], from, to: from + random.pick([3, 10, 30, 120]) };
}
