import type { AwsAuthCode } from '../src/aws-auth/codes.ts';
import { printable } from '../src/fleet/terminal-text.ts';

/** What can be wrong around a fleet file: each code is explained in docs/errors.md. */
export const userCodes = [
  'cli/no-fleet-file',
  'cli/foreign-files',
  'cli/edited-files',
  'cli/other-fleet',
  'cli/output-list',
  'cli/output-folder',
  'cli/stdout',
  'cli/kubeconfig',
  'cli/no-repository',
] as const;

/** What can be wrong between an operator and the run record in the hub. */
export const hubCodes = [
  'hub/argument',
  'hub/kubeconfig',
  'hub/no-answer',
  'hub/unauthorized',
  'hub/forbidden',
  'hub/refused',
  'hub/no-record',
  'hub/unreadable',
  'hub/busy',
  'hub/unknown-restart',
  'hub/no-run',
  'hub/run-over',
  'hub/unknown-wave',
] as const;

/** What can be wrong when a fleet file is imported. */
export const importCodes = [
  'import/argument',
  'import/no-source',
  'import/file',
  'import/unknown-cluster',
  'import/name-conflict',
  'import/nothing',
  'import/unwritable',
  'import/unsound',
  'import/write',
] as const;

/** What can be wrong when a fleet file is begun. */
export const initCodes = ['init/missing', 'init/argument', 'init/exists', 'init/write'] as const;

/** What is wrong, as every error here: what, where, found, expected, next step. */
export interface UserProblem {
  readonly code:
    | (typeof userCodes)[number]
    | (typeof hubCodes)[number]
    | (typeof importCodes)[number]
    | (typeof initCodes)[number]
    | AwsAuthCode;
  /** Where, when it is neither the file nor an argument that `found` names. */
  readonly place?: string;
  readonly found: string;
  readonly expected: string;
  readonly next: string;
}

/** Something that the user can mend: ends a program with a message instead of a stack trace. */
export class UserError extends Error {
  readonly problem: UserProblem;

  constructor(problem: UserProblem, options?: ErrorOptions) {
    super(`${problem.code}: ${problem.found}`, options);
    this.name = 'UserError';
    this.problem = problem;
  }
}

/** For people, safe to print whatever a file or its name holds. */
export const formatProblem = ({ code, place, found, expected, next }: UserProblem): string =>
  [
    place === undefined ? code : `${code} ${printable(place)}`,
    `  found:    ${printable(found)}`,
    `  expected: ${printable(expected)}`,
    `  next:     ${printable(next)}`,
    '',
  ].join('\n');

/** Node's functions say what went wrong by a code, such as `EACCES`. */
export const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  typeof error === 'object' && error !== null && 'code' in error && 'message' in error;
