/** Exit codes of the command line. */
export const exitCodes = {
  ok: 0,
  /** The fleet file, an argument, or the work itself failed. */
  error: 1,
  /** `plan --detailed-exitcode`: there is something to do. `demo`: the restart is not all well. */
  something: 2,
  /** `diff` speaks as `kubectl diff` does: 1 is a difference, and more than 1 an error. */
  difference: 1,
  diffError: 2,
  /** Ctrl-C at a question: 128 and the number of SIGINT, as shells say it. */
  interrupted: 130,
} as const;
