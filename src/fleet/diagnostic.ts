/** A path into the fleet file: `['services', 0, 'reach', 1, 'role']`. */
export type FleetPath = readonly (string | number)[];

/**
 * What is wrong at a path of the fleet file. Stages after loading speak of paths alone; the source
 * turns a path into a line and a column.
 */
export interface Problem {
  /** Stable, `<stage>/<what>`, such as `fleet/unknown-key`. Documented in docs/errors.md. */
  readonly code: string;
  readonly path: FleetPath;
  /** Point at the key instead of the value that stands there. Default: false. */
  readonly atKey?: boolean;
  readonly found: string;
  readonly expected: string;
  /** What to do next, as an imperative sentence. */
  readonly next: string;
}

/** A problem with its place in the user's file. */
export interface Diagnostic extends Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  /** The line as it stands in the file. */
  readonly source: string;
}
