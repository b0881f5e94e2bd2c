import type { k8s } from 'cdk8s-plus-27';
import type { RestartIdentity } from './restart-identity.ts';
import type { RestartTarget, RestartWorkloads } from './restart-targets.ts';
import type { StrategyProps } from './strategy-props.ts';

export interface RestartCronJobProps {
  /** The restart’s name, and its CronJob’s: 1–52 of a–z, 0–9 and `-`. */
  readonly name: string;
  /**
   * The fleet: the label `app.kubernetes.io/part-of`, and part of the names of rights.
   *
   * @default 'rollcall'
   */
  readonly fleet?: string;
  /**
   * The namespace in which it runs, in the hub. It is not made: see `KeptNamespace`, `KiamNamespace`
   * and `Kube2iamNamespace`.
   *
   * @default the chart’s
   */
  readonly namespace?: string;
  /** The hub’s AWS region, whose STS is asked. */
  readonly region: string;
  /** How its pods get their AWS identity. The `identity` of a ServiceAccount’s construct fits here. */
  readonly identity: RestartIdentity;
  /** The job’s container image. Best by digest. */
  readonly image: string;
  /** When it runs: five cron fields. */
  readonly schedule: string;
  /**
   * The IANA time zone of the schedule.
   *
   * @default 'Etc/UTC'
   */
  readonly timeZone?: string;
  /**
   * Whether the CronJob is made, and starts nothing.
   *
   * @default false
   */
  readonly suspend?: boolean;
  /** The clusters, at least one. */
  readonly targets: readonly RestartTarget[];
  /** What is restarted in each of them, at least one. */
  readonly workloads: readonly RestartWorkloads[];
  /**
   * In which order, how much at once, when, and when to stop.
   *
   * @default each of its own defaults
   */
  readonly strategy?: StrategyProps;
  /**
   * How late a run may still begin. Seconds, at least 10: under that it would never run.
   *
   * @default 1800
   */
  readonly startingDeadlineSeconds?: number;
  /**
   * How long rollouts under way are awaited when the pod is told to end. Seconds.
   *
   * @default 120
   */
  readonly terminationGracePeriodSeconds?: number;
  /**
   * Retries of a pod that failed by something that may pass.
   *
   * @default 4
   */
  readonly backoffLimit?: number;
  /**
   * What the job’s container asks for and may have.
   *
   * @default requests of 100m and 128Mi, a memory limit of 512Mi, no cpu limit
   */
  readonly resources?: k8s.ResourceRequirements;
}
