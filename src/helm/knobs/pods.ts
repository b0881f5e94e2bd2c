import { imageParts } from '../../names/image.ts';
import { argument, literal } from '../expression.ts';
import {
  annotations,
  digest,
  labels,
  maxUnavailable,
  nameOrNone,
  repository,
  tag,
  word,
  type Form,
} from '../forms.ts';
import { pullSecrets, resources } from '../forms-of-pods.ts';
import { valueAt, type Json, type KubeObject, type Path } from '../json.ts';
import { standing, type At, type Group, type Knob, type Place, type Table } from '../knob.ts';
import { valueExpression } from '../expression.ts';

/** A pod's template in an object, and its one container. */
export interface Pods {
  readonly objects: readonly KubeObject[];
  readonly templates: readonly At[];
}

const below = (templates: readonly At[], ...path: Path): readonly At[] =>
  templates.map((at) => ({ object: at.object, path: [...at.path, ...path] }));

export const inSpec = ({ templates }: Pods, ...path: Path): readonly At[] =>
  below(templates, 'spec', ...path);
export const inContainer = ({ templates }: Pods, ...path: Path): readonly At[] =>
  below(templates, 'spec', 'containers', 0, ...path);
export const inMetadata = ({ templates }: Pods, ...path: Path): readonly At[] =>
  below(templates, 'metadata', ...path);

/** What stands there already, as a value. */
export const asValue = (
  objects: readonly KubeObject[],
  at: readonly At[],
  style: 'inline' | 'block',
): { readonly default: Json; readonly places: readonly Place[] } => ({
  default: standing(objects, at),
  places: at.map((one) => ({ ...one, kind: 'value', style })),
});

/** What is not there yet. */
export const asOptional = (
  objects: readonly KubeObject[],
  at: readonly At[],
  preset: '' | readonly Json[] | Readonly<Record<string, Json>>,
): { readonly default: Json; readonly places: readonly Place[] } => {
  const taken = at.find(({ object, path }) => valueAt(objects[object] ?? {}, path) !== undefined);
  if (taken) throw new Error(`something stands at ${taken.path.join('.')}`);
  const style = preset === '' ? 'inline' : 'block';
  return { default: preset, places: at.map((one) => ({ ...one, kind: 'optional', style })) };
};

/** `repository`, `tag` and `digest` of the one image of these pods. */
export function imageTable(pods: Pods, path: readonly string[], what: string, kind: string): Table {
  const at = inContainer(pods, 'image');
  const image = standing(pods.objects, at);
  const parts = imageParts(typeof image === 'string' ? image : '');
  const ofFleet = what === 'the job' ? ({ ofFleet: true } as const) : {};
  const places: readonly Place[] = at.map((one) => ({
    ...one,
    kind: 'value',
    style: 'inline',
    expression: `include ${literal(`${kind}.image`)} ${argument(valueExpression(path))}`,
  }));
  const knob = (key: string, comment: string, preset: string, form: Form): Knob => ({
    path: [...path, key],
    comment,
    default: preset,
    ...ofFleet,
    form,
    places,
  });
  return {
    groups: [imageGroup(path, what, parts.tag !== undefined || parts.digest !== undefined)],
    knobs: [
      knob('repository', 'Where it is, without a tag.', parts.repository, repository),
      knob('tag', 'Its tag; needed where there is no digest.', parts.tag ?? '', tag),
      knob('digest', 'Its digest, which decides where there is one.', parts.digest ?? '', digest),
    ],
  };
}

/** Which image runs must not be up to a registry’s `latest`, unless the fleet file itself leaves it. */
const imageGroup = (path: readonly string[], what: string, pinned: boolean): Group => ({
  path,
  comment: `The image of ${what}.`,
  ...(pinned
    ? {
        rule: {
          schema: {
            anyOf: ['tag', 'digest'].map((key) => ({
              required: [key],
              properties: { [key]: { minLength: 1 } },
            })),
          },
          // By null a user takes a default away.
          refused: [
            { tag: '', digest: '' },
            { tag: null, digest: '' },
            { tag: '', digest: null },
          ],
        },
      }
    : {}),
});

/** How the image is fetched. */
export const pullKnobs = (pods: Pods): readonly Knob[] => [
  {
    path: ['imagePullPolicy'],
    comment: 'When it is fetched.',
    ...asValue(pods.objects, inContainer(pods, 'imagePullPolicy'), 'inline'),
    form: word('Always', 'IfNotPresent', 'Never'),
  },
  {
    path: ['imagePullSecrets'],
    comment: 'Secrets of the pods’ namespace by which it is fetched.',
    ...asOptional(pods.objects, inSpec(pods, 'imagePullSecrets'), []),
    form: pullSecrets,
  },
];

/** What all pods have. `prefix` comes before the names in values.yaml. */
export function podKnobs(pods: Pods, prefix: readonly string[] = []): readonly Knob[] {
  const { objects } = pods;
  const priority = inSpec(pods, 'priorityClassName');
  const hasPriority = priority.every(
    ({ object, path }) => valueAt(objects[object] ?? {}, path) !== undefined,
  );
  return [
    {
      path: [...prefix, 'resources'],
      comment: 'What a pod asks for, and may have at most.',
      ...asValue(objects, inContainer(pods, 'resources'), 'block'),
      form: resources,
    },
    {
      path: [...prefix, 'priorityClassName'],
      comment: 'The pods’ PriorityClass.',
      ...(hasPriority ? asValue(objects, priority, 'inline') : asOptional(objects, priority, '')),
      form: nameOrNone('important'),
    },
    {
      path: [...prefix, 'podLabels'],
      comment: 'Labels for the pods besides their own.',
      default: {},
      form: labels(),
      places: inMetadata(pods, 'labels').map((at) => ({ ...at, kind: 'entries' })),
    },
    {
      path: [...prefix, 'podAnnotations'],
      comment: 'Annotations for the pods besides their own.',
      default: {},
      form: annotations(),
      places: inMetadata(pods, 'annotations').map((at) => ({ ...at, kind: 'entries' })),
    },
  ];
}

/** How many nodes a DaemonSet leaves without a ready pod while it changes. */
export const maxUnavailableKnob = (pods: Pods, prefix: readonly string[]): Knob => ({
  path: [...prefix, 'maxUnavailable'],
  comment: 'Nodes, or their share such as `25%`, that are without a ready pod while it changes.',
  ...asValue(
    pods.objects,
    pods.templates.map(({ object }) => ({
      object,
      path: ['spec', 'updateStrategy', 'rollingUpdate', 'maxUnavailable'],
    })),
    'inline',
  ),
  form: maxUnavailable,
});
