import { z } from 'zod';
import { blocker, gate } from './schema-checks.ts';
import { choice, count, duration, flag, selector, text } from '../form/schema-parts.ts';
import { weekdays } from '../form/weekdays.ts';

const soak = (description: string, preset?: string) =>
  text('soak', description, preset === undefined ? {} : { default: preset }).optional();

const wave = z.strictObject({
  name: text('dnsLabel', 'The wave’s name: what is approved.'),
  clusters: selector(
    'The clusters that it takes, of those that no earlier wave took: labels or a list of names. Default: all that are left.',
  ).optional(),
  soak: soak('How long all must stay healthy after its last proof. Default: the strategy’s.'),
  gates: z
    .array(gate)
    .min(1)
    .meta({ description: 'What must hold before it begins. Default: nothing.' })
    .optional(),
});

const window = z.strictObject({
  days: z
    .array(z.enum(weekdays).meta({ description: 'A day of the week, by the first three letters.' }))
    .min(1)
    .meta({ description: 'On which the window opens. Default: every day.' })
    .optional(),
  from: text('openingTime', 'The time of day at which it opens, HH:MM.', {
    default: '00:00',
  }).optional(),
  to: text('closingTime', 'At which it closes; one that is not later is on the next day.', {
    default: '24:00',
  }).optional(),
  timeZone: text('timeZone', 'The IANA time zone of both. Default: the restart’s.').optional(),
});

const stormBreaker = z.strictObject({
  runs: z.int().min(1).max(30).meta({ description: 'So many runs may begin.' }),
  within: text('duration', 'Within so long.'),
});

/** How a restart goes about its work. The defaults that stand here are filled in by resolve-strategy.ts. */
export const strategy = z.strictObject({
  preflight: choice(
    ['each', 'all'],
    'Whether a cluster that fails its examination holds back itself alone, or all.',
  ),
  waves: z
    .array(wave)
    .min(1)
    .meta({ description: 'In their order. Default: one, with all clusters.' })
    .optional(),
  unmatched: choice(
    ['error', 'last'],
    'Clusters that no wave takes: an error, or a last wave named rest.',
  ),
  soak: soak('The soak of each wave that has none of its own.', '0s'),
  maxConcurrentClusters: count(1000, 10, 'Clusters at work at once.'),
  maxConcurrentRollouts: count(100, 5, 'Rollouts under way at once in one cluster.'),
  maxConcurrentRolloutsOverall: count(
    100_000,
    undefined,
    'Rollouts under way at once in all clusters together. Default: no limit.',
  ),
  maxFailures: z
    .union([z.int().min(0).max(1_000_000), text('percent', 'Per cent of the workloads.')])
    .meta({
      description:
        'More failures than this halt the run: a number, or per cent of the workloads. Default: 0 when a failure halts.',
    })
    .optional(),
  onFailure: z
    .enum(['halt', 'continue'])
    .meta({
      description:
        'Whether too many failures halt the run. Default: halt with several waves or maxFailures, else continue.',
    })
    .optional(),
  timeout: duration('For one workload, from its patch to its proof: 90s, 15m, 1h.', '15m'),
  clusterTimeout: duration('For one cluster, from its connection. Default: no limit.'),
  runTimeout: duration('For the run, soaks and gates included. Default: no limit.'),
  windows: z
    .array(window)
    .min(1)
    .meta({ description: 'When restarts may begin. Default: at any time.' })
    .optional(),
  minInterval: duration(
    'A workload that was restarted less than so long ago is left. Default: none.',
  ),
  stormBreaker: stormBreaker
    .meta({ description: 'No more than so many runs within so long. Default: no limit.' })
    .optional(),
  blockers: z
    .array(blocker)
    .min(1)
    .meta({ description: 'What blocks every new restart while it holds. Default: nothing.' })
    .optional(),
  blockerTimeout: duration('How long blockers are waited for; then the run is refused.', '15m'),
  settle: duration('So long after the last proof all is looked at once more. Default: not at all.'),
  evictOnDelete: flag('Pods of OnDelete workloads are evicted one by one.'),
  diagnostics: flag('Pods and events are read and events written, to say why a rollout is stuck.'),
  argoRollouts: z
    .boolean()
    .meta({
      description:
        'Rollouts are listed, to find the Deployments behind them. Default: whether a workload is a Rollout.',
    })
    .optional(),
});

export type StrategyFile = z.infer<typeof strategy>;
