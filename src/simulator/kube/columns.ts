import { humanDuration } from './human-duration.ts';
import type { KubeObject } from './objects.ts';
import { isRecord } from './objects.ts';
import type { BindingObject } from './validation.ts';

/** One column of a kind's table. */
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'boolean' | 'date';
  /** Shown by `-o wide` alone. Default: false. */
  readonly wide?: boolean;
  readonly cell: (object: KubeObject, now: number) => string | number;
}

/** Columns and cells of Kubernetes' own (pkg/printers/internalversion/printers.go). */
export function columnsOf(kind: string): readonly Column[] {
  return columns[kind] ?? generic;
}

/** The field at a path of names; `undefined` where there is none. */
function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const name of path) found = isRecord(found) ? found[name] : undefined;
  return found;
}

const text = (value: unknown, otherwise = ''): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : otherwise;
const count = (value: unknown): number => (typeof value === 'number' ? value : 0);

function since(time: unknown, now: number, otherwise = '<unknown>'): string {
  return typeof time === 'string' ? humanDuration(now - Date.parse(time)) : otherwise;
}

const name: Column = { name: 'Name', type: 'string', cell: ({ metadata }) => metadata.name };
const age: Column = {
  name: 'Age',
  type: 'string',
  cell: ({ metadata }, now) => since(metadata.creationTimestamp, now),
};
/** Of kinds without a printer (k8s.io/apiserver pkg/registry/rest/table.go). */
const generic: readonly Column[] = [
  name,
  {
    name: 'Created At',
    type: 'date',
    cell: ({ metadata }) => metadata.creationTimestamp ?? '',
  },
];

/** An integer column of a field. */
const integer = (title: string, ...path: readonly string[]): Column => ({
  name: title,
  type: 'integer',
  cell: (object) => count(at(object, ...path)),
});

/** The wide columns of what has a pod template. */
function podColumns(selector: Column['cell'], ...template: readonly string[]): readonly Column[] {
  const joined =
    (field: string): Column['cell'] =>
    (object) => {
      const containers = at(object, ...template, 'spec', 'containers');
      return Array.isArray(containers)
        ? containers.map((container) => text(at(container, field))).join(',')
        : '';
    };
  return [
    { name: 'Containers', type: 'string', wide: true, cell: joined('name') },
    { name: 'Images', type: 'string', wide: true, cell: joined('image') },
    { name: 'Selector', type: 'string', wide: true, cell: selector },
  ];
}

/** A label selector in one line (apimachinery pkg/apis/meta/v1, FormatLabelSelector). */
export function formatSelector(selector: unknown): string {
  const labels = at(selector, 'matchLabels');
  const expressions = at(selector, 'matchExpressions');
  const parts = [
    ...(isRecord(labels)
      ? Object.entries(labels).map(([key, value]) => `${key}=${text(value)}`)
      : []),
    ...(Array.isArray(expressions) ? expressions.map(formatRequirement) : []),
  ].sort();
  return parts.length === 0 ? '<none>' : parts.join(',');
}

function formatRequirement(requirement: unknown): string {
  const key = text(at(requirement, 'key'));
  const values = at(requirement, 'values');
  const list = Array.isArray(values) ? `(${values.map((value) => text(value)).join(',')})` : '()';
  switch (at(requirement, 'operator')) {
    case 'In':
      return `${key} in ${list}`;
    case 'NotIn':
      return `${key} notin ${list}`;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return key;
  }
}

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
  Deployment: [
    name,
    {
      name: 'Ready',
      type: 'string',
      cell: (object) =>
        `${count(at(object, 'status', 'readyReplicas'))}/${count(at(object, 'spec', 'replicas'))}`,
    },
    { ...integer('Up-to-date', 'status', 'updatedReplicas'), type: 'string' },
    { ...integer('Available', 'status', 'availableReplicas'), type: 'string' },
    age,
    ...podColumns(({ spec }) => formatSelector(at(spec, 'selector')), 'spec', 'template'),
  ],
  ReplicaSet: [
    name,
    integer('Desired', 'spec', 'replicas'),
    integer('Current', 'status', 'replicas'),
    integer('Ready', 'status', 'readyReplicas'),
    age,
    ...podColumns(({ spec }) => formatSelector(at(spec, 'selector')), 'spec', 'template'),
  ],
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
