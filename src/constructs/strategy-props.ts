import type { BlockerProps, GateProps } from './gate-props.ts';

/** In which order, how much at once, when, and when to stop. */
export interface StrategyProps {
  /**
   * Whether a cluster that fails its examination holds back itself alone (`each`), or all (`all`).
   *
   * @default 'each'
   */
  readonly preflight?: 'each' | 'all';
  /**
   * Clusters that are restarted together, wave after wave.
   *
   * @default one, with all clusters
   */
  readonly waves?: readonly WaveProps[];
  /**
   * Clusters that no wave takes: an error, or a last wave named `rest`.
   *
   * @default 'error'
   */
  readonly unmatched?: 'error' | 'last';
  /**
   * The soak of each wave that has none of its own: `0s` to `24h`.
   *
   * @default '0s'
   */
  readonly soak?: string;
  /**
   * Clusters at work at once: 1–1000.
   *
   * @default 10
   */
  readonly maxConcurrentClusters?: number;
  /**
   * Rollouts under way at once in one cluster: 1–100.
   *
   * @default 5
   */
  readonly maxConcurrentRollouts?: number;
  /**
   * Rollouts under way at once in all clusters together: 1–100,000.
   *
   * @default no limit of its own
   */
  readonly maxConcurrentRolloutsOverall?: number;
  /**
   * More failures than this halt the run: a number, or per cent of the workloads, such as `'5%'`.
   *
   * @default 0 where a failure halts
   */
  readonly maxFailures?: number | string;
  /**
   * Whether too many failures halt the run.
   *
   * @default 'halt' with several waves or maxFailures, else 'continue'
   */
  readonly onFailure?: 'halt' | 'continue';
  /**
   * For one workload, from its patch to its proof: `1s` to `24h`.
   *
   * @default '15m'
   */
  readonly timeout?: string;
  /**
   * For one cluster, from its connection: `1s` to `24h`.
   *
   * @default no limit of its own
   */
  readonly clusterTimeout?: string;
  /**
   * For the run, soaks and gates included: `1s` to `24h`.
   *
   * @default no limit of its own
   */
  readonly runTimeout?: string;
  /**
   * When restarts may begin.
   *
   * @default at any time
   */
  readonly windows?: readonly WindowProps[];
  /**
   * A workload that was restarted less than so long ago is left: `1s` to `24h`.
   *
   * @default none
   */
  readonly minInterval?: string;
  /**
   * No more than so many runs within so long.
   *
   * @default no limit
   */
  readonly stormBreaker?: StormBreakerProps;
  /**
   * What blocks every new restart while it holds.
   *
   * @default nothing
   */
  readonly blockers?: readonly BlockerProps[];
  /**
   * How long blockers are waited for; then the run is refused: `1s` to `24h`.
   *
   * @default '15m'
   */
  readonly blockerTimeout?: string;
  /**
   * So long after the last proof all is looked at once more: `1s` to `24h`.
   *
   * @default not at all
   */
  readonly settle?: string;
  /**
   * Whether pods of `OnDelete` workloads are evicted one by one.
   *
   * @default false
   */
  readonly evictOnDelete?: boolean;
  /**
   * Whether pods and events are read and events written, to say why a rollout is stuck.
   *
   * @default false
   */
  readonly diagnostics?: boolean;
  /**
   * Whether Rollouts are listed, to find the Deployments behind them.
   *
   * @default whether a workload is a Rollout
   */
  readonly argoRollouts?: boolean;
}

/** Clusters that are restarted together. */
export interface WaveProps {
  /** What is approved: 1–63 of a–z, 0–9 and `-`. */
  readonly name: string;
  /**
   * Labels that must all match, or names: of the targets that no earlier wave took.
   *
   * @default all that are left
   */
  readonly clusters?: Readonly<Record<string, string>> | readonly string[];
  /**
   * How long all must stay healthy after its last proof: `0s` to `24h`.
   *
   * @default the strategy’s
   */
  readonly soak?: string;
  /**
   * What must hold before it begins.
   *
   * @default nothing
   */
  readonly gates?: readonly GateProps[];
}

/** A time of the week. */
export interface WindowProps {
  /**
   * Days on which it opens, by their first three letters.
   *
   * @default every day
   */
  readonly days?: readonly ('Sun' | 'Mon' | 'Tue' | 'Wed' | 'Thu' | 'Fri' | 'Sat')[];
  /**
   * The time of day at which it opens, `HH:MM`.
   *
   * @default '00:00'
   */
  readonly from?: string;
  /**
   * At which it closes; one that is not later is on the next day.
   *
   * @default '24:00'
   */
  readonly to?: string;
  /**
   * The IANA time zone of both.
   *
   * @default the restart’s
   */
  readonly timeZone?: string;
}

/** A limit to how often runs begin. */
export interface StormBreakerProps {
  /** So many runs may begin: 1–30. */
  readonly runs: number;
  /** Within so long: `1s` to `24h`. */
  readonly within: string;
}
