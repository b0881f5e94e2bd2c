/** Exit codes of `rollcall import`. */
export const importExitCodes = {
  /** In agreement, or written. */
  ok: 0,
  /** `--check`: something differs. */
  drift: 1,
  /** Nothing is written. */
  error: 2,
  /** Not every profile, region and cluster could be asked; the rest is done. */
  unread: 3,
} as const;
