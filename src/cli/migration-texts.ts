import type { SuddenMove } from '../../charts/sudden-moves.ts';
import type { MigrationStep } from '../access/migration-steps.ts';
import { printable } from '../fleet/terminal-text.ts';
import { mixFault } from '../identities/transition.ts';

/** The steps of a move, in their order, each with its places. */
export const stepTable = (steps: readonly MigrationStep[]): string =>
  steps
    .map(({ action, at }, index) => {
      const places = at.map((place) => `     ${printable(place)}\n`).join('');
      return `\n${index + 1}. ${action}\n${places}`;
    })
    .join('');

/** What would leave running pods without their role; nothing else tells of it. */
export const suddenText = ({ service, from, to }: SuddenMove): string =>
  `\nservice ${printable(service)} goes from ${from} to ${to} at once: ${
    mixFault(from, to)?.next ??
    `pods that run have no role until they are made anew. Say migratingFrom: ${from} beside podIdentity to let both work meanwhile.`
  }\n`;
