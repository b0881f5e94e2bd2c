import { minutesSinceMidnight } from '../form/forms.ts';
import type { Cluster } from './model.ts';
import { resolveCheck, resolveGate, seconds } from './resolve-gates.ts';
import type { StrategyFile } from './schema-strategy.ts';
import type { FailureBudget, Strategy, Wave, Window } from './strategy-model.ts';
import { shareOut } from './waves.ts';
import { weekdays } from '../form/weekdays.ts';

type WindowFile = NonNullable<StrategyFile['windows']>[number];

/** What the file leaves to its defaults. */
export interface Circumstances {
  /** The restart's. */
  readonly timeZone: string;
  /** The restart's. */
  readonly clusters: readonly Cluster[];
  /** A workload is a Rollout. */
  readonly withRollouts: boolean;
}

/** A strategy with its defaults, and the clusters that each wave takes. */
export function resolveStrategy(
  file: StrategyFile,
  { timeZone, clusters, withRollouts }: Circumstances,
): Strategy {
  const waves = resolveWaves(file, clusters);
  const budget = resolveBudget(file, waves.length);
  const { blockers = [], windows = [], stormBreaker } = file;
  return {
    preflight: file.preflight ?? 'each',
    waves,
    maxConcurrentClusters: file.maxConcurrentClusters ?? 10,
    maxConcurrentRollouts: file.maxConcurrentRollouts ?? 5,
    ...given('maxConcurrentRolloutsOverall', file.maxConcurrentRolloutsOverall),
    ...given('failureBudget', budget),
    timeoutSeconds: seconds(file.timeout ?? '15m'),
    ...given('clusterTimeoutSeconds', maybeSeconds(file.clusterTimeout)),
    ...given('runTimeoutSeconds', maybeSeconds(file.runTimeout)),
    windows: windows.map((window) => resolveWindow(window, timeZone)),
    ...given('minIntervalSeconds', maybeSeconds(file.minInterval)),
    ...(stormBreaker
      ? { stormBreaker: { runs: stormBreaker.runs, withinSeconds: seconds(stormBreaker.within) } }
      : {}),
    blockers: blockers.map(resolveCheck),
    blockerTimeoutSeconds: seconds(file.blockerTimeout ?? '15m'),
    ...given('settleSeconds', maybeSeconds(file.settle)),
    evictOnDelete: file.evictOnDelete ?? false,
    diagnostics: file.diagnostics ?? false,
    argoRollouts: file.argoRollouts ?? withRollouts,
  };
}

function resolveWaves(file: StrategyFile, clusters: readonly Cluster[]): readonly Wave[] {
  const waves = file.waves ?? [{ name: 'all' }];
  const { taken, left } = shareOut(
    waves.map((wave) => wave.clusters),
    clusters,
  );
  const soakSeconds = seconds(file.soak ?? '0s');
  return [
    ...waves.map(({ name, soak, gates = [] }, index) => ({
      name,
      clusters: taken[index] ?? [],
      soakSeconds: maybeSeconds(soak) ?? soakSeconds,
      gates: gates.map(resolveGate),
    })),
    ...(left.length > 0 ? [{ name: lastWave, clusters: left, soakSeconds, gates: [] }] : []),
  ];
}

/** The wave of the clusters that no other takes, with `unmatched: last`. */
export const lastWave = 'rest';

/** Where something is to be protected by a halt, waves to come or a number given, none may fail. */
function resolveBudget(
  { maxFailures, onFailure }: StrategyFile,
  waves: number,
): FailureBudget | undefined {
  if (typeof maxFailures === 'number') return { kind: 'count', count: maxFailures };
  if (maxFailures !== undefined) {
    return { kind: 'percent', percent: Number(maxFailures.replace('%', '')) };
  }
  const halts = onFailure === undefined ? waves > 1 : onFailure === 'halt';
  return halts ? { kind: 'count', count: 0 } : undefined;
}

const resolveWindow = (window: WindowFile, timeZone: string): Window => ({
  timeZone: window.timeZone ?? timeZone,
  days: [...new Set(window.days ?? weekdays)].map((day) => weekdays.indexOf(day)).sort(),
  from: minutesSinceMidnight(window.from ?? '00:00') ?? 0,
  to: minutesSinceMidnight(window.to ?? '24:00') ?? 0,
});

const maybeSeconds = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : seconds(text);

/** `{key: value}`, or nothing where there is no value. */
const given = <Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]: Value });
