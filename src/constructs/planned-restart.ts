import { Construct } from 'constructs';
import type { ScheduledRestart } from '../access/graph.ts';
import { GateNetworkPolicy } from './gate-network-policy.ts';
import { RestartChecks } from './restart-checks.ts';
import { RestartNetworkPolicy } from './restart-network-policy.ts';
import { RestartPlanConfigMap } from './restart-plan-config-map.ts';
import { RestartPlanCronJob, type RestartPlanCronJobProps } from './restart-plan-cron-job.ts';
import { RunRecord } from './run-record.ts';

/** How its CronJob runs, besides what the plan says. */
export type PodSettings = Pick<
  RestartPlanCronJobProps,
  'startingDeadlineSeconds' | 'terminationGracePeriodSeconds' | 'backoffLimit' | 'resources'
>;

export interface PlannedRestartProps extends PodSettings {
  readonly restart: Omit<ScheduledRestart, 'path'>;
}

/** All that a hub needs of one restart of the access graph, but for its identity and its namespace. */
export class PlannedRestart extends Construct {
  readonly plan: RestartPlanConfigMap;
  readonly record: RunRecord;
  readonly checks: RestartChecks;
  readonly networkPolicy: RestartNetworkPolicy;
  readonly gateNetworkPolicy: GateNetworkPolicy;
  readonly cronJob: RestartPlanCronJob;

  constructor(scope: Construct, id: string, { restart, ...settings }: PlannedRestartProps) {
    super(scope, id);
    const { plan, namespace, serviceAccount, wiring } = restart;
    this.plan = new RestartPlanConfigMap(this, 'plan', { namespace, plan });
    this.record = new RunRecord(this, 'record', { plan, serviceAccount });
    this.checks = new RestartChecks(this, 'checks', { plan, serviceAccount });
    this.gateNetworkPolicy = new GateNetworkPolicy(this, 'gates', { namespace, plan });
    this.networkPolicy = new RestartNetworkPolicy(this, 'network', { namespace, plan, wiring });
    this.cronJob = new RestartPlanCronJob(this, 'restart', { ...restart, ...settings });
  }
}
