import type { GeneratedOutput } from './generated-output.ts';
import { LoadError } from './load-error.ts';
import type { PriorState } from './prior-state.ts';

/** Everything generated goes to a cluster that the prior state declares. Throws `LoadError`. */
export function requireDeclared(
  { manifests, awsAuth, annotations }: GeneratedOutput,
  prior: PriorState,
): void {
  const declared = new Set(prior.clusters.map(({ name }) => name));
  const generated = [
    ...manifests.keys(),
    ...awsAuth.map(({ cluster }) => cluster),
    ...annotations.keys(),
  ];
  const unknown = generated.find((name) => !declared.has(name));
  if (unknown === undefined) return;
  throw new LoadError(
    'simulator/cluster',
    unknown,
    `the prior state has no such cluster, but ${[...declared].join(', ')}; declare it under clusters`,
  );
}
