/** A promise that was broken. */
export class Violation extends Error {
  readonly invariant: string;

  constructor(invariant: string, message: string) {
    super(`${invariant}: ${message}`);
    this.name = 'Violation';
    this.invariant = invariant;
  }
}

/** Of assertions that narrow nothing. */
export function must(holds: boolean, invariant: string, message: () => string): void {
  if (!holds) throw new Violation(invariant, message());
}
