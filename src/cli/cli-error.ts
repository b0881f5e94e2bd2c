/** What is wrong with an invocation, as every error here: what, found, expected, next step. */
export interface CliProblem {
  readonly code: string;
  readonly found: string;
  readonly expected: string;
  readonly next: string;
}

/** Ends a command with a message instead of a stack trace. */
export class CliError extends Error {
  readonly problem: CliProblem;

  constructor(problem: CliProblem) {
    super(`${problem.code}: ${problem.found}`);
    this.name = 'CliError';
    this.problem = problem;
  }
}

export const formatProblem = ({ code, found, expected, next }: CliProblem): string =>
  `${code}\n  found:    ${found}\n  expected: ${expected}\n  next:     ${next}\n`;
