import type { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import type { RestartPlan } from '../plan/restart-plan.ts';
import { keepAnnotations } from './keep.ts';
import { restartLabels } from './restart-labels.ts';

export interface RunRecordProps {
  readonly plan: RestartPlan;
  /** The ServiceAccount that the job runs as, in the record's namespace. */
  readonly serviceAccount: string;
}

/**
 * The ConfigMaps in which a run is written ahead, and the Lease that keeps two pods from the same
 * work, made beforehand so that the job's Role can name them: `create` can't be limited to a name.
 * They carry no `data` and no `spec`, so that applying them again leaves what the job has written.
 */
export class RunRecord extends Construct {
  readonly configMaps: readonly ApiObject[];
  readonly lease: ApiObject;

  constructor(scope: Construct, id: string, props: RunRecordProps) {
    super(scope, id);
    const { plan } = props;
    const { namespace, configMaps, lease } = plan.record;
    const labels = restartLabels(plan);
    const annotations = { ...keepAnnotations, 'kustomize.toolkit.fluxcd.io/ssa': 'IfNotPresent' };
    this.configMaps = configMaps.map(
      (name) =>
        new k8s.KubeConfigMap(this, name, { metadata: { name, namespace, labels, annotations } }),
    );
    this.lease = new k8s.KubeLease(this, 'Lease', {
      metadata: { name: lease, namespace, labels, annotations },
    });
    const name = `${plan.restart}-record`;
    new k8s.KubeRole(this, 'Role', {
      metadata: { name, namespace, labels },
      rules: [
        {
          apiGroups: [''],
          resources: ['configmaps'],
          resourceNames: [...configMaps],
          verbs: ['get', 'patch'],
        },
        {
          apiGroups: ['coordination.k8s.io'],
          resources: ['leases'],
          resourceNames: [lease],
          verbs: ['get', 'patch'],
        },
      ],
    });
    new k8s.KubeRoleBinding(this, 'RoleBinding', {
      metadata: { name, namespace, labels },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name: props.serviceAccount, namespace }],
    });
  }
}
