import { checkMeaning } from './check.ts';
import { type Fault, mostProblems } from './codes.ts';
import type { Diagnostic, Problem } from './diagnostic.ts';
import type { Fleet } from './model.ts';
import { resolveFleet } from './resolve.ts';
import { checkShape } from './shape.ts';
import { readSource } from './source.ts';

export type LoadResult =
  | {
      readonly kind: 'fleet';
      readonly fleet: Fleet;
      /** The place in the file of a problem that a later stage finds. */
      readonly locate: (problem: Problem) => Diagnostic;
    }
  | {
      readonly kind: 'invalid';
      /** At least one, in the order of their places. */
      readonly diagnostics: readonly Diagnostic[];
    };

/**
 * Loads a fleet file: all of its problems at once, or the fleet. Pure, and never throws.
 * @param file The name that diagnostics call it by.
 */
export function loadFleet(text: string, file: string): LoadResult {
  const read = readSource(text, file);
  if (read.kind === 'unreadable') {
    return { kind: 'invalid', diagnostics: read.diagnostics.toSorted(byPlace) };
  }
  const { source } = read;
  const shape = checkShape(source);
  const meaning = checkMeaning(shape.draft);
  const problems = [...shape.problems.slice(0, mostProblems), ...meaning.list];
  const diagnostics = [...source.diagnostics, ...problems.map(source.locate)].sort(byPlace);
  if (diagnostics.length === 0 && shape.file) {
    return { kind: 'fleet', fleet: resolveFleet(shape.file), locate: source.locate };
  }
  const cut =
    diagnostics.length > mostProblems || shape.problems.length > mostProblems || meaning.overflowed;
  return {
    kind: 'invalid',
    diagnostics: cut ? [...diagnostics.slice(0, mostProblems), source.end(tooMany)] : diagnostics,
  };
}

const byPlace = (a: Diagnostic, b: Diagnostic): number => a.line - b.line || a.column - b.column;

const tooMany: Fault = {
  code: 'fleet/too-many',
  found: `more than ${mostProblems} problems`,
  expected: 'a fleet file',
  next: 'Correct those above; the others are said then.',
};
