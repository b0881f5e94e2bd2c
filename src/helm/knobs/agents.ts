import { nodeLabels, type Form } from '../forms.ts';
import { tolerations } from '../forms-of-pods.ts';
import { valueAt, type KubeObject } from '../json.ts';
import { labelOf, objectsOf, type Knob, type Table } from '../knob.ts';
import { imageTable, inSpec, maxUnavailableKnob, podKnobs, pullKnobs, type Pods } from './pods.ts';

/**
 * kiam's, or kube2iam's. An agent's nodes are not up to its user: a node without the agent lends its own
 * role to every pod on it.
 */
export function agentTable(objects: readonly KubeObject[], kind: string): Table {
  const all = podsOf(objects, objectsOf(objects, 'DaemonSet'));
  const image = imageTable(all, ['image'], kind, kind);
  const parts = all.templates.map(({ object }) => {
    const name = labelOf(objects[object] as KubeObject, 'component');
    return { name, pods: podsOf(objects, [object]) };
  });
  return {
    groups: [
      ...image.groups,
      ...parts.map(({ name }) => ({ path: [name], comment: `The ${name}’s pods.` })),
    ],
    knobs: [
      ...image.knobs,
      ...pullKnobs(all),
      ...parts.flatMap(({ name, pods }) => [
        ...podKnobs(pods, [name]),
        maxUnavailableKnob(pods, [name]),
        ...(name === 'server' ? serverKnobs(pods) : []),
      ]),
    ],
  };
}

const podsOf = (objects: readonly KubeObject[], indexes: readonly number[]): Pods => ({
  objects,
  templates: indexes.map((object) => ({ object, path: ['spec', 'template'] })),
});

/** More nodes can't be chosen, only fewer: on those that are left out there is no agent either. */
function serverKnobs(pods: Pods): readonly Knob[] {
  const selectors = inSpec(pods, 'nodeSelector');
  const taken = selectors.flatMap(({ object, path }) =>
    Object.keys(valueAt(pods.objects[object] ?? {}, path) ?? {}),
  );
  const knob = (name: string, comment: string, form: Form): Omit<Knob, 'places' | 'default'> => ({
    path: ['server', name],
    comment,
    form,
  });
  return [
    {
      ...knob(
        'nodeSelector',
        'Labels of its nodes besides those that the fleet file gives.',
        nodeLabels(taken),
      ),
      default: {},
      places: selectors.map((at) => ({ ...at, kind: 'entries' })),
    },
    {
      ...knob('tolerations', 'Taints that it tolerates besides its nodes’ own.', tolerations),
      default: [],
      places: inSpec(pods, 'tolerations').map((at) => ({ ...at, kind: 'items' })),
    },
  ];
}
