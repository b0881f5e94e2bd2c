import type { CliIo } from './io.ts';

/** What every command is given. */
export interface CommandContext {
  readonly io: CliIo;
  /** What the process ends with. */
  readonly setCode: (code: number) => void;
}
