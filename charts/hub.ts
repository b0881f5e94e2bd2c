import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ClusterAccess } from '../src/access/graph.ts';
import { GateNetworkPolicy } from '../src/constructs/gate-network-policy.ts';
import { IrsaServiceAccount } from '../src/constructs/irsa-service-account.ts';
import { KeptNamespace } from '../src/constructs/kept-namespace.ts';
import { RestartChecks } from '../src/constructs/restart-checks.ts';
import { RestartCronJob } from '../src/constructs/restart-cron-job.ts';
import { RestartNetworkPolicy } from '../src/constructs/restart-network-policy.ts';
import { RestartPlanConfigMap } from '../src/constructs/restart-plan-config-map.ts';
import { RunRecord } from '../src/constructs/run-record.ts';

export interface ClusterChartProps {
  readonly fleet: string;
  readonly access: ClusterAccess;
}

/** What a hub gets: identities of its services, and the restarts that they run. */
export class HubChart extends Chart {
  constructor(scope: Construct, id: string, { fleet, access }: ClusterChartProps) {
    super(scope, id, { disableResourceNameHashes: true });
    for (const name of access.namespaces) {
      new KeptNamespace(this, `namespace-${name}`, { name, fleet });
    }
    for (const { service, serviceAccount: name, namespace, roleArn } of access.pods) {
      new IrsaServiceAccount(this, `identity-${service}`, {
        name,
        namespace,
        roleArn,
        service,
        fleet,
      });
    }
    for (const restart of access.restarts) {
      const { plan, namespace, serviceAccount } = restart;
      new RestartPlanConfigMap(this, `plan-${plan.restart}`, { namespace, plan });
      new RunRecord(this, `record-${plan.restart}`, { plan, serviceAccount });
      new RestartChecks(this, `checks-${plan.restart}`, { plan, serviceAccount });
      new GateNetworkPolicy(this, `gates-${plan.restart}`, { namespace, plan });
      new RestartNetworkPolicy(this, `network-${plan.restart}`, { namespace, plan });
      new RestartCronJob(this, `restart-${plan.restart}`, restart);
    }
  }
}
