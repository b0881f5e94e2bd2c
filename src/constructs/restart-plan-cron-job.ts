import { JsonPatch, type ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { planConfigMapName } from '../access/names.ts';
import { describe } from '../fleet/describe.ts';
import type { PodWiring } from '../identities/mechanism.ts';
import type { RestartPlan } from '../plan/restart-plan.ts';
import { PropsError } from './props-error.ts';
import { tokenMount, tokenVolume, wiringEnv } from './pod-wiring.ts';
import { restartLabels } from './restart-labels.ts';
import { longestRunSeconds } from './run-length.ts';

export interface RestartPlanCronJobProps {
  readonly namespace: string;
  readonly plan: RestartPlan;
  readonly serviceAccount: string;
  /** What the pods carry for their AWS identity. */
  readonly wiring: PodWiring;
  readonly image: string;
  /** Five cron fields. */
  readonly schedule: string;
  /** IANA name. */
  readonly timeZone: string;
  /** @default false */
  readonly suspend?: boolean;
  /**
   * How late a run may still begin. Seconds; under 10 it would never run.
   *
   * @default 1800
   */
  readonly startingDeadlineSeconds?: number;
  /**
   * How long rollouts under way are awaited when the pod is told to end. Seconds. Two minutes is
   * what a node that is taken back gives.
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
  /** @default requests of 100m and 128Mi, a memory limit of 512Mi, no cpu limit */
  readonly resources?: k8s.ResourceRequirements;
}

/** Exit codes of the job that no retry can change: misconfigured, incomplete, halted, cancelled. */
const finalExitCodes = [2, 3, 5, 7];
/** The user `nonroot` of distroless images. */
const nonRoot = 65532;

/** The CronJob controller looks every 10 seconds: a shorter deadline is always missed (kubernetes.io, "CronJob"). */
const shortestStartingDeadline = 10;
/** For the report, after the job has stopped awaiting rollouts. Seconds. */
const reportSeconds = 10;

/** The CronJob that runs a restart's plan: one run at a time, each named by its scheduled minute. */
export class RestartPlanCronJob extends Construct {
  readonly cronJob: ApiObject;

  /** @throws PropsError for a `startingDeadlineSeconds` under which it would never run. */
  constructor(scope: Construct, id: string, props: RestartPlanCronJobProps) {
    super(scope, id);
    const { plan, namespace } = props;
    const labels = restartLabels(plan);
    const startingDeadlineSeconds = props.startingDeadlineSeconds ?? 1800;
    checkSettings(this, props);
    this.cronJob = new k8s.KubeCronJob(this, 'CronJob', {
      metadata: { name: plan.cronJob, namespace, labels },
      spec: {
        schedule: props.schedule,
        timeZone: props.timeZone,
        suspend: props.suspend ?? false,
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata: { labels },
          spec: {
            backoffLimit: props.backoffLimit ?? 4,
            activeDeadlineSeconds: longestRunSeconds(plan),
            // First match wins: what no retry changes fails the Job at once, even on a node that
            // is being drained; a disruption is not held against the pod; the rest is retried.
            podFailurePolicy: {
              rules: [
                {
                  action: 'FailJob',
                  onExitCodes: { containerName: 'restart', operator: 'In', values: finalExitCodes },
                  onPodConditions: [],
                },
                {
                  action: 'Ignore',
                  onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }],
                },
              ],
            },
            template: { metadata: podMetadata(labels, props.wiring), spec: podSpec(props) },
          },
        },
      },
    });
    // The 1.27 types demand the list; a rule has either exit codes or conditions.
    this.cronJob.addJsonPatch(
      JsonPatch.remove('/spec/jobTemplate/spec/podFailurePolicy/rules/0/onPodConditions'),
    );
  }
}

/** Whole numbers, and a deadline under which it would run. */
function checkSettings(scope: Construct, props: RestartPlanCronJobProps): void {
  const least = {
    startingDeadlineSeconds: shortestStartingDeadline,
    terminationGracePeriodSeconds: 0,
    backoffLimit: 0,
  } as const;
  const problems = Object.entries(least).flatMap(([prop, minimum]) => {
    const value = props[prop as keyof typeof least];
    if (value === undefined || (Number.isInteger(value) && value >= minimum)) return [];
    const why = minimum === 0 ? '' : `: under ${minimum} it would never run`;
    return [
      {
        code: 'fleet/out-of-range',
        prop,
        found: describe(value),
        expected: `a whole number, at least ${minimum}${why}`,
        next: 'Write a number within these bounds.',
      },
    ];
  });
  if (problems.length > 0) throw new PropsError(scope, problems);
}

/** Here and not on the Job: agents look at pods. */
const podMetadata = (
  labels: Record<string, string>,
  { podAnnotations }: PodWiring,
): k8s.ObjectMeta => ({
  labels,
  ...(Object.keys(podAnnotations).length > 0 ? { annotations: { ...podAnnotations } } : {}),
});

function podSpec(props: RestartPlanCronJobProps): k8s.PodSpec {
  const grace = props.terminationGracePeriodSeconds ?? 120;
  return {
    serviceAccountName: props.serviceAccount,
    // For the run record in the hub's own API.
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: grace,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: nonRoot,
      runAsGroup: nonRoot,
      fsGroup: nonRoot,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container(props, grace)],
    volumes: [
      { name: 'plan', configMap: { name: planConfigMapName(props.plan.restart) } },
      ...tokenVolume(props.wiring),
    ],
  };
}

function container(props: RestartPlanCronJobProps, grace: number): k8s.Container {
  const { Quantity } = k8s;
  return {
    name: 'restart',
    image: props.image,
    imagePullPolicy: 'IfNotPresent',
    args: [
      '--plan',
      '/etc/rollcall/plan.json',
      '--grace-seconds',
      String(Math.max(0, grace - reportSeconds)),
    ],
    env: [
      {
        // The only place in which a pod finds its run: the scheduled-timestamp annotation is on
        // the Job alone.
        name: 'ROLLCALL_JOB_NAME',
        valueFrom: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-name']" } },
      },
      {
        // Tells a Job from one of the same name before it.
        name: 'ROLLCALL_JOB_UID',
        valueFrom: {
          fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/controller-uid']" },
        },
      },
      ...wiringEnv(props.wiring),
    ],
    resources: props.resources ?? {
      requests: { cpu: Quantity.fromString('100m'), memory: Quantity.fromString('128Mi') },
      limits: { memory: Quantity.fromString('512Mi') },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
    },
    terminationMessagePolicy: 'File',
    volumeMounts: [
      { name: 'plan', mountPath: '/etc/rollcall', readOnly: true },
      ...tokenMount(props.wiring),
    ],
  };
}
