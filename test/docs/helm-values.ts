import { clusterCharts } from '../../charts/cluster-charts.ts';
import { helmProps } from '../../charts/format-helm.ts';
import { prepare } from '../../charts/pipeline.ts';
import { chartObjects } from '../../src/helm/chart.ts';
import type { Knob } from '../../src/helm/knob.ts';
import { code, markdownTable, prose } from '../../src/helm/markdown.ts';
import { annotationKeys, labelKeys, type ReservedKeys } from '../../src/helm/reserved-keys.ts';
import { tableOf } from '../../src/helm/table.ts';
import { examples, exampleText } from '../charts/support/examples.ts';

/** A generated part of docs/helm.md: what stands under a heading. */
export interface Section {
  readonly heading: string;
  readonly text: string;
}

const headings = {
  hub: 'Values of a hub',
  target: 'Values of a target',
  kiam: 'Values of kiam',
  kube2iam: 'Values of kube2iam',
} as const;
type Kind = keyof typeof headings;

/** The values of each kind of chart, those of all examples taken together. */
export function helmSections(): readonly Section[] {
  const tables = examples.flatMap(knobsOf);
  const sections = (Object.keys(headings) as Kind[]).map((kind) => ({
    heading: headings[kind],
    text: valuesTable(tables.filter((table) => table.kind === kind).map(({ knobs }) => knobs)),
  }));
  return [...sections, { heading: 'Refused keys', text: refusedTable() }];
}

function knobsOf(name: (typeof examples)[number]) {
  const prepared = prepare(exampleText(name), name);
  if (prepared.kind === 'invalid') throw new Error(`${name} is invalid`);
  const { graph } = prepared;
  return graph.clusters.flatMap((access) =>
    clusterCharts(graph.fleet, access).map((chart) => ({
      kind: chart.kind,
      knobs: tableOf(chart.kind, chartObjects(helmProps(graph.fleet, access, chart))).knobs,
    })),
  );
}

/** Those of the chart with the most come first, in its order. */
function valuesTable(charts: readonly (readonly Knob[])[]): string {
  const all = charts.toSorted((a, b) => b.length - a.length).flat();
  const together = [...Map.groupBy(all, ({ path }) => path[0]).values()].flat();
  const byName = Map.groupBy(together, placeholder);
  return markdownTable(
    ['value', 'default', 'meaning'],
    [...byName].map(([name, [knob]]) => {
      const { comment, default: preset, ofFleet } = knob as Knob;
      const shown = ofFleet ? 'the fleet file’s' : code(JSON.stringify(preset));
      return [code(name), shown, prose(comment)];
    }),
  );
}

const placeholder = ({ path, each }: Knob): string =>
  path.map((key, index) => (index === 1 && each !== undefined ? `<${each}>` : key)).join('.');

const refusedTable = (): string =>
  markdownTable(
    ['in', 'of these domains, and of those below them', 'besides'],
    [
      ['labels', ...keysOf(labelKeys)],
      ['annotations', ...keysOf(annotationKeys)],
    ],
  );

const keysOf = ({ domains, keys, beginnings }: ReservedKeys): readonly string[] =>
  [domains, [...keys, ...beginnings.map((one) => `${one}…`)]].map((all) =>
    all.map(code).join(', '),
  );
