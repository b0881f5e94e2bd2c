import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { planConfigMapName } from '../access/names.ts';
import type { RestartPlan } from '../plan/restart-plan.ts';
import { configMapLimit, planSize, serializePlan } from '../plan/serialize.ts';
import { restartLabels } from './restart-labels.ts';

export interface RestartPlanConfigMapProps {
  readonly namespace: string;
  readonly plan: RestartPlan;
}

/** The plan that a restart's pods read, as `plan.json`. */
export class RestartPlanConfigMap extends Construct {
  /** @throws Error when the plan does not fit a ConfigMap. */
  constructor(scope: Construct, id: string, props: RestartPlanConfigMapProps) {
    super(scope, id);
    const size = planSize(props.plan);
    if (size > configMapLimit) {
      throw new Error(
        `the plan of restart ${props.plan.restart} has ${size} bytes; a ConfigMap holds ${configMapLimit}`,
      );
    }
    new k8s.KubeConfigMap(this, 'ConfigMap', {
      metadata: {
        name: planConfigMapName(props.plan.restart),
        namespace: props.namespace,
        labels: restartLabels(props.plan),
      },
      data: { 'plan.json': serializePlan(props.plan) },
    });
  }
}
