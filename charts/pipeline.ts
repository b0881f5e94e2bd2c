import { planAccess } from '../src/access/plan-access.ts';
import type { AccessGraph } from '../src/access/graph.ts';
import type { Diagnostic, Problem } from '../src/fleet/diagnostic.ts';
import { loadFleet } from '../src/fleet/load.ts';
import type { Fleet } from '../src/fleet/model.ts';
import { renderIam, type ApplyOrder, type OutputFile } from '../src/iam/render.ts';
import type { PlanCode } from '../src/plan/codes.ts';
import { configMapLimit, planSize } from '../src/plan/serialize.ts';

/** A fleet file taken through every stage up to writing, or all that is wrong with it. */
export type Prepared =
  | {
      readonly kind: 'ready';
      readonly fleet: Fleet;
      readonly graph: AccessGraph;
      readonly iam: readonly OutputFile[];
      readonly order: ApplyOrder;
    }
  | { readonly kind: 'invalid'; readonly diagnostics: readonly Diagnostic[] };

/** Loads, plans and renders; writes nothing. `file` is the name that diagnostics show. */
export function prepare(text: string, file: string): Prepared {
  const loaded = loadFleet(text, file);
  if (loaded.kind === 'invalid') return loaded;
  const invalid = (problems: readonly Problem[]): Prepared => ({
    kind: 'invalid',
    diagnostics: problems.map(loaded.locate).sort(byPlace),
  });
  const access = planAccess(loaded.fleet);
  if (access.kind === 'invalid') return invalid(access.problems);
  const { graph } = access;
  const iam = renderIam(graph);
  const problems = [...(iam.kind === 'invalid' ? iam.problems : []), ...planProblems(graph)];
  if (iam.kind === 'invalid' || problems.length > 0) return invalid(problems);
  return { kind: 'ready', fleet: loaded.fleet, graph, iam: iam.files, order: iam.order };
}

const byPlace = (a: Diagnostic, b: Diagnostic): number => a.line - b.line || a.column - b.column;

interface PlanProblem extends Problem {
  readonly code: PlanCode;
}

const planProblems = (graph: AccessGraph): readonly PlanProblem[] =>
  graph.clusters
    .flatMap((access) => access.restarts)
    .filter(({ plan }) => planSize(plan) > configMapLimit)
    .map(({ plan, path }) => ({
      code: 'plan/too-large',
      path,
      found: `a plan of ${planSize(plan)} bytes`,
      expected: `at most ${configMapLimit}, which is what a ConfigMap holds`,
      next: 'Split the restart in two, each over a part of the clusters.',
    }));
