import type { OutputFile } from '../src/iam/render.ts';
import type { Access } from './access-list.ts';
import type { OutputFormat } from './output-format.ts';
import type { Unit } from './units.ts';

/** What a synth generates, in whatever form it is written. */
export interface Generated {
  /** All that is applied, a thing at a time. */
  readonly units: readonly Unit[];
  /** Units of IAM in the order in which AWS accepts them. */
  readonly applied: readonly string[];
  /** Who gets where. */
  readonly access: readonly Access[];
}

/** All that one synth writes, and what it means. */
export interface Output extends Generated {
  /** The fleet's name. */
  readonly fleet: string;
  readonly format: OutputFormat;
  /** In the order of their paths. */
  readonly files: readonly OutputFile[];
}
