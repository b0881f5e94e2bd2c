/** The manager that the job's patches bear (`metadata.managedFields`). */
const manager = 'rollcall';

const stamped = [
  ['apps', 'Deployment'],
  ['apps', 'StatefulSet'],
  ['apps', 'DaemonSet'],
  ['argoproj.io', 'Rollout'],
] as const;

/**
 * What the job writes into objects that Argo CD applies, and Argo CD is to leave: the stamp of a
 * restart in a pod template, and what stands in a run record.
 */
export const ignoredDifferences = [
  ...stamped.map(([group, kind]) => ({
    group,
    kind,
    jqPathExpressions: [
      '.spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"]',
      '.metadata.annotations["rollcall.dev/run"]',
    ],
    managedFieldsManagers: [manager],
  })),
  { group: '', kind: 'ConfigMap', managedFieldsManagers: [manager] },
  { group: 'coordination.k8s.io', kind: 'Lease', managedFieldsManagers: [manager] },
] as const;
