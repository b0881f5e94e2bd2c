import type { MigratedEntry } from '../../aws-auth/migration-entry.ts';
import { printable } from '../../fleet/terminal-text.ts';

/** Whose access entry gives them less than `aws-auth` does, a line for each. */
export const lossLines = (entries: readonly MigratedEntry[]): readonly string[] =>
  entries.flatMap(({ principalArn, loses }) =>
    loses === undefined
      ? []
      : [printable(`less for ${principalArn} than aws-auth gives it: without ${loses.join(', ')}`)],
  );
