/** What a text must be, and what is said when it isn't. */
export interface Rule {
  /** A code of src/fleet/codes.ts. */
  readonly code: `fleet/${string}`;
  readonly test: (text: string) => boolean;
  readonly expected: string;
  readonly next: string;
}
