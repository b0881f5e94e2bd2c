import type { Form } from './forms.ts';
import { valueAt, type Json, type JsonObject, type KubeObject, type Path } from './json.ts';
import type { Expression, Style } from './template.ts';

/** One value of a chart: everything that there is to say of it. */
export interface Knob {
  /** In values.yaml. */
  readonly path: readonly string[];
  /** What the second key of the path is the name of, where charts have one for each. */
  readonly each?: 'restart' | 'service';
  /** Sentences, as values.yaml and docs/helm.md have them. */
  readonly comment: string;
  readonly default: Json;
  /** The default is the fleet file's: another in each chart. */
  readonly ofFleet?: true;
  readonly form: Form;
  /** All that it changes, and nothing else. */
  readonly places: readonly Place[];
}

export type Place =
  /** What stands there is the value. */
  | (At & {
      readonly kind: 'value';
      readonly style: Style;
      /** @default the value itself */
      readonly expression?: Expression;
    })
  /** Nothing stands there; with a value that is not empty it does. */
  | (At & { readonly kind: 'optional'; readonly style: Style })
  /** A map, which gets the value's entries besides its own. */
  | (At & { readonly kind: 'entries' })
  /** A list, which gets the value's elements after its own. */
  | (At & { readonly kind: 'items' })
  /** The whole object, there only where the value is true. */
  | { readonly kind: 'object'; readonly object: number };

export interface At {
  /** Which of the chart's objects. */
  readonly object: number;
  readonly path: Path;
}

/** A group of values: a map in values.yaml. */
export interface Group {
  readonly path: readonly string[];
  readonly comment: string;
  /** What holds between its values. */
  readonly rule?: { readonly schema: JsonObject; readonly refused: readonly JsonObject[] };
}

export interface Table {
  readonly groups: readonly Group[];
  readonly knobs: readonly Knob[];
}

/** What stands at all of these places, which is one thing. */
export function standing(objects: readonly KubeObject[], places: readonly At[]): Json {
  const [first, ...others] = places.map(({ object, path }) => valueAt(objects[object] ?? {}, path));
  if (first === undefined) throw new Error(`nothing stands at ${JSON.stringify(places[0])}`);
  if (others.every((one) => JSON.stringify(one) === JSON.stringify(first))) return first;
  throw new Error(`objects differ at ${places[0]?.path.join('.') ?? ''}`);
}

/** Indexes of the objects of that kind, of that component where one is given. */
export const objectsOf = (
  objects: readonly KubeObject[],
  kind: string,
  component?: string,
): readonly number[] =>
  objects.flatMap((object, index) =>
    object.kind === kind && (component === undefined || labelOf(object, 'component') === component)
      ? [index]
      : [],
  );

/** One of the recommended labels, which every object of ours has. */
export function labelOf({ kind, metadata }: KubeObject, name: string): string {
  const label = metadata.labels?.[`app.kubernetes.io/${name}`];
  if (typeof label === 'string') return label;
  throw new Error(`${kind} ${metadata.name} has no label ${name}`);
}

/** A hook is made when somebody asks for it; it is no part of a release. */
export const isHook = (object: KubeObject): boolean =>
  valueAt(object, ['metadata', 'annotations', 'helm.sh/hook']) !== undefined;
