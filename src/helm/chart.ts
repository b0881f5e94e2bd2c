import { chartMetadata, chartYaml, type ChartMetadata, type ChartNames } from './chart-yaml.ts';
import { helpersFile } from './helpers.ts';
import type { KubeObject } from './json.ts';
import { notesFile } from './notes.ts';
import { readmeFile } from './readme.ts';
import { tableOf } from './table.ts';
import { templateFiles, type ChartFile } from './templates.ts';
import { testPods } from './test-pods.ts';
import { valuesSchema } from './values-schema.ts';
import { valuesYaml } from './values-yaml.ts';

export type { ChartFile, ChartNames };

export interface HelmChartProps extends ChartNames {
  /** What a release is made of. */
  readonly objects: readonly KubeObject[];
  /** Pods that are Helm's test hooks already. */
  readonly checks: readonly KubeObject[];
}

/** Every object of a chart: those of a release, then its tests. */
export const chartObjects = ({ objects, checks }: HelmChartProps): readonly KubeObject[] => [
  ...objects,
  ...testPods(objects),
  ...checks,
];

/** A Helm chart, with what it is called. */
export interface HelmChart extends ChartMetadata {
  readonly files: readonly ChartFile[];
}

/**
 * A Helm chart of these objects, file by file. With its default values it gives the very objects, but
 * for the two labels that are Helm's.
 */
export function helmChart(props: HelmChartProps): HelmChart {
  const { kind } = props;
  const objects = chartObjects(props);
  const table = tableOf(kind, objects);
  const files: readonly ChartFile[] = [
    { path: 'values.yaml', text: valuesYaml(table) },
    { path: 'values.schema.json', text: `${JSON.stringify(valuesSchema(table), null, 2)}\n` },
    readmeFile(props, objects, table.knobs),
    helpersFile(kind),
    notesFile(props, objects, table.knobs),
    ...templateFiles(kind, objects, table.knobs),
  ];
  const metadata = chartMetadata(props, objects, files);
  const { name, version } = metadata;
  return { name, version, files: [chartYaml(metadata), ...files] };
}
