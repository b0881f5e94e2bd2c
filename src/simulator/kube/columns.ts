import { at, text } from './fields.ts';
import { age, integer, name, podColumns, since } from './column-parts.ts';
import type { Column } from './column-parts.ts';
import type { KubeObject } from './objects.ts';
import { formatSelector } from './selector-text.ts';
import type { BindingObject } from './schemas.ts';
import { workloadColumns } from './workload-columns.ts';

export type { Column } from './column-parts.ts';

/** Columns and cells of Kubernetes' own (pkg/printers/internalversion/printers.go). */
export function columnsOf(kind: string): readonly Column[] {
  return columns[kind] ?? workloadColumns[kind] ?? generic;
}

/** Of kinds without a printer (k8s.io/apiserver pkg/registry/rest/table.go). */
const generic: readonly Column[] = [
  name,
  {
    name: 'Created At',
    type: 'date',
    cell: ({ metadata }) => metadata.creationTimestamp ?? '',
  },
];

/** Subjects of one kind in a binding. */
const subjects = (title: string, kind: string): Column => ({
  name: title,
  type: 'string',
  wide: true,
  cell: (object) =>
    ((object as KubeObject & BindingObject).subjects ?? [])
      .filter((subject) => subject.kind === kind)
      .map(({ name: who, namespace }) =>
        kind === 'ServiceAccount' ? `${namespace ?? ''}/${who}` : who,
      )
      .join(', '),
});

const bindingColumns: readonly Column[] = [
  name,
  {
    name: 'Role',
    type: 'string',
    cell: ({ roleRef }) => `${text(at(roleRef, 'kind'))}/${text(at(roleRef, 'name'))}`,
  },
  age,
  subjects('Users', 'User'),
  subjects('Groups', 'Group'),
  subjects('ServiceAccounts', 'ServiceAccount'),
];

const columns: Readonly<Record<string, readonly Column[]>> = {
  Scale: [
    name,
    integer('Desired', 'spec', 'replicas'),
    integer('Available', 'status', 'replicas'),
    age,
  ],
  CronJob: [
    name,
    { name: 'Schedule', type: 'string', cell: ({ spec }) => text(at(spec, 'schedule')) },
    { name: 'Timezone', type: 'string', cell: ({ spec }) => text(at(spec, 'timeZone'), '<none>') },
    {
      name: 'Suspend',
      type: 'boolean',
      cell: ({ spec }) => {
        const suspend = at(spec, 'suspend');
        return suspend === undefined ? '<unset>' : suspend === true ? 'True' : 'False';
      },
    },
    { name: 'Active', type: 'integer', cell: () => 0 },
    {
      name: 'Last Schedule',
      type: 'string',
      cell: ({ status }, now) => since(at(status, 'lastScheduleTime'), now, '<none>'),
    },
    age,
    ...podColumns(
      ({ spec }) => formatSelector(at(spec, 'jobTemplate', 'spec', 'selector')),
      ...['spec', 'jobTemplate', 'spec', 'template'],
    ),
  ],
  Namespace: [
    name,
    { name: 'Status', type: 'string', cell: ({ status }) => text(at(status, 'phase')) },
    age,
  ],
  ConfigMap: [
    name,
    {
      name: 'Data',
      type: 'string',
      cell: ({ data, binaryData }) =>
        Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length,
    },
    age,
  ],
  ServiceAccount: [name, age],
  NetworkPolicy: [
    name,
    {
      name: 'Pod-Selector',
      type: 'string',
      cell: ({ spec }) => formatSelector(at(spec, 'podSelector')),
    },
    age,
  ],
  RoleBinding: bindingColumns,
  ClusterRoleBinding: bindingColumns,
};
