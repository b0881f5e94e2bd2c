import type { KubeObject } from './json.ts';
import type { Table } from './knob.ts';
import { agentTable } from './knobs/agents.ts';
import { commonTable, switchTable } from './knobs/common.ts';
import { hubTable } from './knobs/hub.ts';

/** What a chart is for. */
export type HelmChartKind = 'hub' | 'target' | 'kiam' | 'kube2iam';

/**
 * The values of a chart with these objects: those that change something in it.
 *
 * @throws Error where two things would have one value
 */
export function tableOf(kind: HelmChartKind, objects: readonly KubeObject[]): Table {
  const tables = [ownTable(kind, objects), switchTable(objects), commonTable(objects)];
  const changing = tables.flatMap((table) => table.knobs).filter(({ places }) => places.length > 0);
  // Those of one group stand together, whichever table they are from.
  const knobs = [...Map.groupBy(changing, ({ path }) => path[0]).values()].flat();
  const names = knobs.map(({ path }) => path.join('.'));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`two things would be changed by ${twice}`);
  const groups = tables
    .flatMap((table) => table.groups)
    .filter(({ path }) => knobs.some((knob) => path.every((key, at) => knob.path[at] === key)));
  return { groups, knobs };
}

function ownTable(kind: HelmChartKind, objects: readonly KubeObject[]): Table {
  switch (kind) {
    case 'hub':
      return hubTable(objects);
    case 'kiam':
    case 'kube2iam':
      return agentTable(objects, kind);
    case 'target':
      // Rights: who has which is the fleet file's to say.
      return { groups: [], knobs: [] };
  }
}
