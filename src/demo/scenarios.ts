import { fileURLToPath } from 'node:url';
import type { World } from '../simulator/load/world.ts';

/** A fleet to be shown, and what happens in it. */
export interface Scenario {
  /** As people know it: `examples/seed-000.yaml`. */
  readonly example: string;
  readonly fleetFile: string;
  /** What is about to go wrong, a line each. Empty: nothing. */
  readonly troubles: readonly string[];
  /** Has it happen in a loaded world. */
  readonly prepare: (world: World) => void;
}

/** The scenarios beside the plain one, in which all goes well. */
export const scenarioNames = ['trouble'] as const;
export type ScenarioName = (typeof scenarioNames)[number];

const fileOf = (example: string): string =>
  fileURLToPath(new URL(`../../${example}`, import.meta.url));

const plainExample = 'examples/seed-000.yaml';
const troubleExample = 'examples/trouble.yaml';

/** Default: the fleet of seed 000, in which nothing goes wrong. */
export function scenarioOf(name: ScenarioName | undefined): Scenario {
  switch (name) {
    case undefined:
      return {
        example: plainExample,
        fleetFile: fileOf(plainExample),
        troubles: [],
        prepare: () => undefined,
      };
    case 'trouble':
      return {
        example: troubleExample,
        fleetFile: fileOf(troubleExample),
        troubles: [
          'cutter: new pods of StatefulSet keys/key-store crash',
          'ketch: Argo CD undoes the restart of Deployment keys/processor as soon as it is rolled out',
          'one failure is allowed: with the second the run halts, and the last wave is never begun',
        ],
        prepare: ({ clusters }) => {
          clusters.get('ketch')?.kube.revertStamp('keys', 'processor', 'after-completion');
        },
      };
  }
}
