import type { Construct } from 'constructs';
import { printable } from '../fleet/terminal-text.ts';

/** What is wrong with a prop of a construct, as every error of Rollcall: what, where, found, expected, next step. */
export interface PropsProblem {
  /** Stable, such as `fleet/name`: the rules are those of the fleet file, and docs/errors.md explains each. */
  readonly code: string;
  /** The prop: `targets[0].region`. */
  readonly prop: string;
  /** What the prop holds. */
  readonly found: string;
  /** What it would have to hold. */
  readonly expected: string;
  /** What to do next, as an imperative sentence. */
  readonly next: string;
}

/** Props with which a construct would not do what it is for. The message says each problem. */
export class PropsError extends Error {
  /** At least one. */
  readonly problems: readonly PropsProblem[];

  constructor(scope: Construct, problems: readonly PropsProblem[]) {
    super(problems.map((problem) => formatProblem(scope.node.path, problem)).join('\n'));
    this.name = 'PropsError';
    this.problems = problems;
  }
}

/** For people, safe to print whatever a prop holds. */
const formatProblem = (path: string, { code, prop, found, expected, next }: PropsProblem): string =>
  [
    `${code} ${printable(`${path}: ${prop}`)}`,
    `  found:    ${printable(found)}`,
    `  expected: ${printable(expected)}`,
    `  next:     ${printable(next)}`,
  ].join('\n');

/** `['targets', 0, 'region']` → `targets[0].region`. */
export const propName = (path: readonly (string | number)[]): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');
