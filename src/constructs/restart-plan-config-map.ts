import type { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { planConfigMapName } from '../access/names.ts';
import type { RestartPlan } from '../plan/restart-plan.ts';
import { configMapLimit, planSize, serializePlan } from '../plan/serialize.ts';
import { PropsError } from './props-error.ts';
import { restartLabels } from './restart-labels.ts';

export interface RestartPlanConfigMapProps {
  readonly namespace: string;
  readonly plan: RestartPlan;
}

/** The plan that a restart's pods read, as `plan.json`. */
export class RestartPlanConfigMap extends Construct {
  readonly configMap: ApiObject;

  /** @throws PropsError when the plan does not fit a ConfigMap. */
  constructor(scope: Construct, id: string, props: RestartPlanConfigMapProps) {
    super(scope, id);
    const size = planSize(props.plan);
    if (size > configMapLimit) {
      throw new PropsError(this, [
        {
          code: 'plan/too-large',
          prop: 'targets',
          found: `the plan of restart ${props.plan.restart} has ${size} bytes; a ConfigMap holds ${configMapLimit}`,
          expected: 'a plan that fits a ConfigMap',
          next: 'Split the restart in two, each over a part of the clusters.',
        },
      ]);
    }
    this.configMap = new k8s.KubeConfigMap(this, 'ConfigMap', {
      metadata: {
        name: planConfigMapName(props.plan.restart),
        namespace: props.namespace,
        labels: restartLabels(props.plan),
      },
      data: { 'plan.json': serializePlan(props.plan) },
    });
  }
}
