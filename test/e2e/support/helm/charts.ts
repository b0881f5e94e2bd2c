import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { clusterCharts } from '../../../../charts/cluster-charts.ts';
import { helmProps } from '../../../../charts/format-helm.ts';
import { prepare } from '../../../../charts/pipeline.ts';
import { chartObjects, helmChart, type ChartFile } from '../../../../src/helm/chart.ts';
import { isHook, type Knob, type Table } from '../../../../src/helm/knob.ts';
import type { Json, JsonObject, KubeObject } from '../../../../src/helm/json.ts';
import { tableOf } from '../../../../src/helm/table.ts';
import { imagined, mustHelm, type HelmProgram } from './helm.ts';

/** A generated chart, on disk. */
export interface WrittenChart {
  /** `<fleet's file>/<cluster>/<kind>`. */
  readonly title: string;
  readonly folder: string;
  /** What cdk8s gives. */
  readonly released: readonly KubeObject[];
  /** Those, and the tests. */
  readonly objects: readonly KubeObject[];
  readonly table: Table;
}

/** Every chart of a fleet file. */
export function writeCharts(name: string, text: string, tree: string): readonly WrittenChart[] {
  const prepared = prepare(text, 'fleet.yaml');
  if (prepared.kind === 'invalid') throw new Error(JSON.stringify(prepared.diagnostics));
  const { graph } = prepared;
  return graph.clusters.flatMap((access) =>
    clusterCharts(graph.fleet, access).map((chart) => {
      const props = helmProps(graph.fleet, access, chart);
      const title = `${name}/${access.cluster.name}/${chart.kind}`;
      const folder = join(tree, title);
      writeFiles(folder, helmChart(props).files);
      const objects = chartObjects(props);
      const table = tableOf(chart.kind, objects);
      return { title, folder, released: props.objects, objects, table };
    }),
  );
}

export function writeFiles(folder: string, files: readonly ChartFile[]): void {
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** What Helm makes of a chart, by id. */
export async function render(
  { folder }: Pick<WrittenChart, 'folder'>,
  values: Json = {},
  program: HelmProgram = 'helm',
): Promise<Rendered> {
  const text = await mustHelm(['template', 'release', folder, ...imagined, '--values', '-'], {
    input: JSON.stringify(values),
    program,
  });
  return byId(readObjects(text));
}

export type Rendered = ReadonlyMap<string, KubeObject>;

export const readObjects = (text: string): readonly KubeObject[] =>
  parseAllDocuments(text, { version: '1.1' })
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);

/** @throws Error where two objects are one to the API server */
export function byId(objects: readonly KubeObject[]): Rendered {
  const map = new Map(objects.map((object) => [idOf(object), object]));
  if (map.size === objects.length) return map;
  throw new Error(`an object is there twice: ${objects.map(idOf).join(', ')}`);
}

export const idOf = ({ kind, apiVersion, metadata }: KubeObject): string =>
  [apiVersion, kind, metadata.namespace ?? '', metadata.name].map(String).join(' ');

/** Without its tests. */
export const ofRelease = (rendered: Rendered): Rendered =>
  new Map([...rendered].filter(([, object]) => !isHook(object)));

/** Without the two labels that are Helm's; throws where they are not as they should be. */
export function withoutHelmLabels(object: KubeObject, managedBy: string): JsonObject {
  const { 'helm.sh/chart': chart, ...labels } = object.metadata.labels ?? {};
  if (typeof chart !== 'string' || !/^[a-z0-9][-a-z0-9_.]{0,61}[a-z0-9]$/.test(chart))
    throw new Error(`${idOf(object)} is of the chart ${JSON.stringify(chart)}`);
  if (labels['app.kubernetes.io/managed-by'] !== 'Helm')
    throw new Error(`${idOf(object)} is not managed by Helm`);
  return {
    ...object,
    metadata: {
      ...object.metadata,
      labels: { ...labels, 'app.kubernetes.io/managed-by': managedBy },
    },
  };
}

/** A value as values.yaml has it. */
export const valuesOf = (path: readonly string[], value: Json): Json =>
  path.reduceRight<Json>((inner, key) => ({ [key]: inner }), value);

/** Several values as one file. */
export const merge = (a: Json, b: Json): Json => {
  if (!isMap(a) || !isMap(b)) return b;
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  return Object.fromEntries(
    keys.map((key) => {
      const [one, other] = [a[key], b[key]];
      return [
        key,
        one === undefined || other === undefined ? (other ?? one ?? null) : merge(one, other),
      ];
    }),
  );
};

export const isMap = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const nameOf = ({ path }: Pick<Knob, 'path'>): string => path.join('.');
