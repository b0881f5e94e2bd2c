import { literal, valueExpression } from './expression.ts';
import type { KubeObject } from './json.ts';
import { isHook, labelOf, type Knob, type Place } from './knob.ts';
import type { HelmChartKind } from './table.ts';
import { fillingOf, hole, isHole, isNodeMap, withNodeAt } from './template.ts';
import type { Filling, Hole, Node, NodeMap, TemplateDocument } from './template.ts';
import { writeTemplates } from './write-template.ts';

/** A file of a chart; the path is below the chart's folder. */
export interface ChartFile {
  readonly path: string;
  readonly text: string;
}

/** The chart's objects as templates, a file for each group of them. */
export function templateFiles(
  kind: HelmChartKind,
  objects: readonly KubeObject[],
  knobs: readonly Knob[],
): readonly ChartFile[] {
  const documents = templateDocuments(kind, objects, knobs);
  const files = Map.groupBy(documents, (_, index) => fileOf(objects[index] as KubeObject));
  return [...files].map(([path, own]) => ({ path, text: writeTemplates(own) }));
}

/** Component and instance are label values: no path is in them. */
const fileOf = (object: KubeObject): string =>
  `templates/${isHook(object) ? 'tests/' : ''}${labelOf(object, 'component')}-${labelOf(object, 'instance')}.yaml`;

function templateDocuments(
  kind: HelmChartKind,
  objects: readonly KubeObject[],
  knobs: readonly Knob[],
): readonly TemplateDocument[] {
  const documents = objects.map((object) => ({
    node: isHook(object) ? (object as NodeMap) : released(kind, object),
    conditions: [] as string[],
  }));
  for (const { path, places } of knobs) {
    for (const place of places) {
      const document = documents[place.object];
      if (!document) throw new Error(`${path.join('.')} changes an object that is not there`);
      const value = valueExpression(path);
      if (place.kind === 'object') document.conditions.push(value);
      else document.node = withHole(document.node, place, value);
    }
  }
  return documents;
}

/** What Helm's own labels say is Helm's to say (helm.sh, "Labels and Annotations"). */
const released = (kind: HelmChartKind, object: KubeObject): NodeMap =>
  withNodeAt(object, ['metadata', 'labels'], (labels) => {
    if (labels === undefined || !isNodeMap(labels)) throw new Error(`${object.kind} has no labels`);
    return {
      ...labels,
      'app.kubernetes.io/managed-by': inline('.Release.Service'),
      'helm.sh/chart': inline(`include ${literal(`${kind}.chart`)} .`),
    };
  }) as NodeMap;

const inline = (expression: string): Hole => hole({ kind: 'value', style: 'inline', expression });

const withHole = (
  node: NodeMap,
  place: Exclude<Place, { readonly kind: 'object' }>,
  value: string,
): NodeMap =>
  withNodeAt(node, place.path, (before) => hole(filling(place, value, before))) as NodeMap;

function filling(
  place: Exclude<Place, { readonly kind: 'object' }>,
  value: string,
  before: Node | undefined,
): Filling {
  const known = isHole(before) ? fillingOf(before) : undefined;
  switch (place.kind) {
    case 'value':
      return { kind: 'value', style: place.style, expression: place.expression ?? value };
    case 'optional':
      return { kind: 'optional', style: place.style, expression: value };
    case 'entries':
      // Those for all objects come last in the table, and before those for this one.
      if (known?.kind === 'entries') return { ...known, more: [value, ...known.more] };
      if (before !== undefined && !isNodeMap(before)) throw new Error(`no map is at ${value}`);
      return { kind: 'entries', own: before ?? {}, more: [value] };
    case 'items':
      if (before !== undefined && !Array.isArray(before)) throw new Error(`no list is at ${value}`);
      return { kind: 'items', own: (before as readonly Node[] | undefined) ?? [], more: value };
  }
}
