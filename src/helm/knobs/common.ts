import { annotations, labels, truth } from '../forms.ts';
import type { KubeObject, Path } from '../json.ts';
import { isHook, objectsOf, type Knob, type Place, type Table } from '../knob.ts';

/** What every chart lets its user choose. */
export function commonTable(objects: readonly KubeObject[]): Table {
  const own = objects.flatMap((object, index) => (isHook(object) ? [] : [index]));
  const everywhere = (path: Path): readonly Place[] =>
    own.map((object) => ({ kind: 'entries', object, path }));
  const knobs: readonly Knob[] = [
    {
      path: ['commonLabels'],
      comment: 'Labels for every object besides its own. Not for pods, so that none restarts.',
      default: {},
      form: labels(),
      places: everywhere(['metadata', 'labels']),
    },
    {
      path: ['commonAnnotations'],
      comment: 'Annotations for every object besides its own. Not for pods.',
      default: {},
      form: annotations(),
      places: everywhere(['metadata', 'annotations']),
    },
  ];
  return {
    groups: [],
    knobs,
  };
}

/** Switches over whole objects. */
export function switchTable(objects: readonly KubeObject[]): Table {
  return {
    groups: switches.map(({ group, groupComment }) => ({ path: [group], comment: groupComment })),
    knobs: switches.map(({ group, key, comment, kind, hooks }) => ({
      path: [group, key],
      comment,
      default: true,
      form: truth(true),
      places: objectsOf(objects, kind)
        .filter((object) => isHook(objects[object] as KubeObject) === hooks)
        .map((object) => ({ kind: 'object', object })),
    })),
  };
}

const switches = [
  {
    group: 'namespaces',
    groupComment: 'The namespaces that the fleet says are Rollcall’s.',
    key: 'create',
    comment:
      'Whether the chart makes them. Without it they must be there, with the annotations and Pod Security labels that the chart would have given them.',
    kind: 'Namespace',
    hooks: false,
  },
  {
    group: 'networkPolicy',
    groupComment: 'What the pods may speak to.',
    key: 'enabled',
    comment: 'Whether NetworkPolicies are made. Without them the pods may reach everything.',
    kind: 'NetworkPolicy',
    hooks: false,
  },
  {
    group: 'tests',
    groupComment: 'What `helm test` runs.',
    key: 'enabled',
    comment: 'Whether there are tests.',
    kind: 'Pod',
    hooks: true,
  },
] as const;
