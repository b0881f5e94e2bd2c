import { migrateIdentities, type MigrationTarget } from '../src/access/migrate.ts';
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
      /** What is allowed, and is worth a second look. */
      readonly findings: readonly Diagnostic[];
    }
  | { readonly kind: 'invalid'; readonly diagnostics: readonly Diagnostic[] };

export interface PrepareOptions {
  /** As if every legacy identity were moved to this one. */
  readonly migrateTo?: MigrationTarget;
}

/** Loads, plans and renders; writes nothing. `file` is the name that diagnostics show. */
export function prepare(text: string, file: string, options: PrepareOptions = {}): Prepared {
  const loaded = loadFleet(text, file);
  if (loaded.kind === 'invalid') return loaded;
  const invalid = (problems: readonly Problem[]): Prepared => ({
    kind: 'invalid',
    diagnostics: problems.map(loaded.locate).sort(byPlace),
  });
  const migration = options.migrateTo && migrateIdentities(loaded.fleet, options.migrateTo);
  if (migration?.kind === 'invalid') return invalid(migration.problems);
  const fleet = migration?.fleet ?? loaded.fleet;
  const access = planAccess(fleet);
  if (access.kind === 'invalid') return invalid(access.problems);
  const { graph } = access;
  const iam = renderIam(graph);
  const problems = [...(iam.kind === 'invalid' ? iam.problems : []), ...planProblems(graph)];
  if (iam.kind === 'invalid' || problems.length > 0) return invalid(problems);
  const findings = graph.findings.map(loaded.locate).sort(byPlace);
  return { kind: 'ready', fleet, graph, iam: iam.files, order: iam.order, findings };
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
