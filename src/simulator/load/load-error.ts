/** The generated output or the prior state can't be loaded: what a real apply would have refused. */
export class LoadError extends Error {
  /** Stable, `simulator/<what>`. */
  readonly code: string;
  /** A file, a step or an object. */
  readonly place: string;

  constructor(code: string, place: string, message: string, options?: { cause: unknown }) {
    super(`${code}: ${place}: ${message}`, options);
    this.name = 'LoadError';
    this.code = code;
    this.place = place;
  }
}

/** The message of whatever was thrown. */
export const textOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error);
