import type { AccessGraph } from '../access/graph.ts';
import { applySteps, prerequisites, type ApplyStep, type Prerequisite } from './apply-order.ts';
import type { IamProblem } from './codes.ts';
import { limitProblems, roleDocuments } from './documents.ts';

/** A file of the output: its path relative to the output folder, with `/`, and its text. */
export interface OutputFile {
  readonly path: string;
  readonly text: string;
}

/** `_iam/apply-order.json`. */
export interface ApplyOrder {
  readonly prerequisites: readonly Prerequisite[];
  readonly steps: readonly ApplyStep[];
}

export type IamResult =
  | { readonly kind: 'rendered'; readonly files: readonly OutputFile[]; readonly order: ApplyOrder }
  | { readonly kind: 'invalid'; readonly problems: readonly IamProblem[] };

/** Every role's documents as JSON, a folder an account and a role, and the order to apply them in. */
export function renderIam(graph: AccessGraph): IamResult {
  const documents = graph.roles.map((role) => roleDocuments(graph.fleet, role));
  const problems = documents.flatMap(limitProblems);
  if (problems.length > 0) return { kind: 'invalid', problems };
  const steps = applySteps(documents);
  const order = { prerequisites: prerequisites(documents), steps: steps.map(({ step }) => step) };
  return {
    kind: 'rendered',
    order,
    files: [
      { path: '_iam/apply-order.json', text: json(order) },
      ...steps.map(({ step, document }) => ({ path: step.file, text: json(document) })),
    ],
  };
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
