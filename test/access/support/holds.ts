import fc from 'fast-check';
import type { AccessGraph } from '../../../src/access/graph.ts';
import type { Fleet } from '../../../src/fleet/model.ts';
import { everyWayTexts } from './every-way.ts';
import { fleetOf, graphOfFleet } from './plan.ts';

export interface Planned {
  readonly text: string;
  readonly fleet: Fleet;
  readonly graph: AccessGraph;
}

/** The property holds of sound fleets with every way to an identity and into a cluster. */
export function holds(property: (planned: Planned) => void): void {
  fc.assert(
    fc.property(everyWayTexts, (text) => {
      const fleet = fleetOf(text);
      property({ text, fleet, graph: graphOfFleet(fleet) });
    }),
    { numRuns: Number(process.env.SOAK_RUNS ?? 100) },
  );
}
