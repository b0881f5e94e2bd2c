import { age, integer, name, podColumns, since } from './column-parts.ts';
import type { Column } from './column-parts.ts';
import { at, count, text } from './fields.ts';
import { humanDuration } from './human-duration.ts';
import type { KubeObject } from './objects.ts';
import { podStatus, readyContainers, restartsOf } from './pods/pod-columns.ts';
import { formatSelector } from './selector-text.ts';

const ready: Column = {
  name: 'Ready',
  type: 'string',
  cell: (object) =>
    `${count(at(object, 'status', 'readyReplicas'))}/${count(at(object, 'spec', 'replicas'))}`,
};
const templateColumns = podColumns(
  ({ spec }) => formatSelector(at(spec, 'selector')),
  'spec',
  'template',
);
const [containers, images] = templateColumns;
const textual = (title: string, otherwise: string, ...path: readonly string[]): Column => ({
  name: title,
  type: 'string',
  cell: (object) => text(at(object, ...path), otherwise),
});

/** Columns of workloads, and of what belongs to them. */
export const workloadColumns: Readonly<Record<string, readonly Column[]>> = {
  Deployment: [
    name,
    ready,
    { ...integer('Up-to-date', 'status', 'updatedReplicas'), type: 'string' },
    { ...integer('Available', 'status', 'availableReplicas'), type: 'string' },
    age,
    ...templateColumns,
  ],
  ReplicaSet: [
    name,
    integer('Desired', 'spec', 'replicas'),
    integer('Current', 'status', 'replicas'),
    integer('Ready', 'status', 'readyReplicas'),
    age,
    ...templateColumns,
  ],
  StatefulSet: [name, ready, age, ...[containers, images].filter((column) => column !== undefined)],
  DaemonSet: [
    name,
    integer('Desired', 'status', 'desiredNumberScheduled'),
    integer('Current', 'status', 'currentNumberScheduled'),
    integer('Ready', 'status', 'numberReady'),
    integer('Up-to-date', 'status', 'updatedNumberScheduled'),
    integer('Available', 'status', 'numberAvailable'),
    {
      name: 'Node Selector',
      type: 'string',
      cell: ({ spec }) =>
        formatSelector({ matchLabels: at(spec, 'template', 'spec', 'nodeSelector') }),
    },
    age,
    ...templateColumns,
  ],
  // `additionalPrinterColumns` of its CustomResourceDefinition.
  Rollout: [
    name,
    integer('Desired', 'spec', 'replicas'),
    integer('Current', 'status', 'replicas'),
    integer('Up-to-date', 'status', 'updatedReplicas'),
    integer('Available', 'status', 'availableReplicas'),
    { ...age, type: 'date' },
  ],
  Pod: [
    name,
    { name: 'Ready', type: 'string', cell: readyContainers },
    { name: 'Status', type: 'string', cell: podStatus },
    { name: 'Restarts', type: 'string', cell: restartsOf },
    age,
    { ...textual('IP', '<none>', 'status', 'podIP'), wide: true },
    { ...textual('Node', '<none>', 'spec', 'nodeName'), wide: true },
    { ...textual('Nominated Node', '<none>', 'status', 'nominatedNodeName'), wide: true },
    { name: 'Readiness Gates', type: 'string', wide: true, cell: () => '<none>' },
  ],
  Event: [
    {
      name: 'Last Seen',
      type: 'string',
      cell: (event, now) => since(event.lastTimestamp ?? event.metadata.creationTimestamp, now),
    },
    textual('Type', '', 'type'),
    textual('Reason', '', 'reason'),
    {
      name: 'Object',
      type: 'string',
      cell: ({ involvedObject }) =>
        `${text(at(involvedObject, 'kind')).toLowerCase()}/${text(at(involvedObject, 'name'))}`,
    },
    { ...textual('Subobject', '', 'involvedObject', 'fieldPath'), wide: true },
    { ...textual('Source', '', 'source', 'component'), wide: true },
    textual('Message', '', 'message'),
    {
      name: 'First Seen',
      type: 'string',
      wide: true,
      cell: (event, now) => since(event.firstTimestamp ?? event.metadata.creationTimestamp, now),
    },
    { name: 'Count', type: 'string', wide: true, cell: (event) => text(event.count, '1') },
    { ...name, wide: true },
  ],
  Job: [
    name,
    { name: 'Status', type: 'string', cell: jobState },
    {
      name: 'Completions',
      type: 'string',
      cell: ({ spec, status }) =>
        `${count(at(status, 'succeeded'))}/${count(at(spec, 'completions'))}`,
    },
    {
      name: 'Duration',
      type: 'string',
      cell({ status }, now) {
        const [start, end] = [at(status, 'startTime'), at(status, 'completionTime')];
        if (typeof start !== 'string') return '';
        return humanDuration((typeof end === 'string' ? Date.parse(end) : now) - Date.parse(start));
      },
    },
    age,
    ...templateColumns,
  ],
  Lease: [name, textual('Holder', '', 'spec', 'holderIdentity'), age],
  PodDisruptionBudget: [
    name,
    textual('Min Available', 'N/A', 'spec', 'minAvailable'),
    textual('Max Unavailable', 'N/A', 'spec', 'maxUnavailable'),
    integer('Allowed Disruptions', 'status', 'disruptionsAllowed'),
    age,
  ],
};

function jobState({ status }: KubeObject): string {
  const conditions = at(status, 'conditions');
  const holds = (type: string): boolean =>
    Array.isArray(conditions) && conditions.some((one: unknown) => at(one, 'type') === type);
  return ['Complete', 'Failed'].find(holds) ?? 'Running';
}
