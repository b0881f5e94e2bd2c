import { readFileSync } from 'node:fs';
import type { AccessGraph } from '../../../src/access/graph.ts';
import { planAccess } from '../../../src/access/plan-access.ts';
import { loadFleet } from '../../../src/fleet/load.ts';
import type { Fleet } from '../../../src/fleet/model.ts';

/** A fleet file's fleet, which must be sound. */
export function fleetOf(text: string): Fleet {
  const loaded = loadFleet(text, 'fleet.yaml');
  if (loaded.kind === 'fleet') return loaded.fleet;
  throw new Error(JSON.stringify(loaded.diagnostics, null, 2));
}

/** A fleet file's access graph, which must have no conflict. */
export const graphOf = (text: string): AccessGraph => graphOfFleet(fleetOf(text));

export function graphOfFleet(fleet: Fleet): AccessGraph {
  const planned = planAccess(fleet);
  if (planned.kind === 'graph') return planned.graph;
  throw new Error(JSON.stringify(planned.problems, null, 2));
}

/** The access graph of a fleet in examples/. */
export const exampleGraph = (name: string): AccessGraph =>
  graphOf(readFileSync(new URL(`../../../examples/${name}.yaml`, import.meta.url), 'utf8'));
