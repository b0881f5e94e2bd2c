import type { Workloads } from '../fleet/model.ts';
import type { PlannedWorkloads } from '../plan/restart-plan.ts';

/** One entry for each namespace of each group; `after` then means every entry of the groups before. */
export function expandWorkloads(groups: readonly Workloads[]): readonly PlannedWorkloads[] {
  let next = 0;
  const indexes = groups.map(({ namespaces }) => namespaces.map(() => next++));
  return groups.flatMap(({ namespaces, kind, names, selector, after }) => {
    const before = after.flatMap((group) => indexes[group] ?? []);
    return namespaces.map((namespace) => ({
      namespace,
      kind,
      names,
      ...(selector ? { selector } : {}),
      ...(before.length > 0 ? { after: before } : {}),
    }));
  });
}
