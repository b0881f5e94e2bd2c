import type { Problems } from './codes.ts';
import type { FleetPath } from './diagnostic.ts';
import { checkOrder } from './check-order.ts';
import { reportRepeats } from './references.ts';
import type { RestartDraft } from './shape.ts';

type GroupDraft = NonNullable<NonNullable<RestartDraft['workloads']>[number]>;

/** A restart's workloads: each there once, no group without any, and an order that can be kept. */
export function checkWorkloads(restart: RestartDraft, path: FleetPath, problems: Problems): void {
  const groups = (restart.workloads ?? []).map((group, index) => ({
    ...group,
    path: [...path, 'workloads', index] as FleetPath,
  }));
  reportRepeats(problems, groups, {
    code: 'fleet/duplicate-name',
    key: ({ name }) => name,
    path: (group) => [...group.path, 'name'],
    found: ({ name = '' }) => `a second group "${name}"`,
    expected: 'every group’s name once',
    next: 'Rename one.',
  });
  for (const { namespaces = [], path: at } of groups) {
    reportRepeats(problems, [...namespaces.entries()], {
      ...repeatedWorkload,
      key: ([, namespace]) => namespace,
      path: ([index]) => [...at, 'namespaces', index],
      found: ([, namespace = '']) => `the namespace "${namespace}" a second time`,
    });
  }
  reportRepeats(problems, [...named(groups), ...groups.flatMap(selected)], {
    ...repeatedWorkload,
    key: ({ id }) => id,
    path: (workload) => workload.path,
    found: ({ id }) => `${id} a second time`,
  });
  for (const { selector, path: at } of groups) {
    if (selector === undefined || Object.keys(selector).length > 0) continue;
    problems.add({
      code: 'fleet/empty',
      path: [...at, 'selector'],
      found: 'an empty map, which would select everything of the kind in the namespace',
      expected: 'at least one label',
      next: 'Add a label that the workloads have, or list them by names.',
    });
  }
  checkOrder(groups, problems);
}

const repeatedWorkload = {
  code: 'fleet/duplicate-workload',
  expected: 'every workload once',
  next: 'Remove it.',
} as const;

type Placed = GroupDraft & { readonly path: FleetPath };

interface Workload {
  readonly id: string;
  readonly path: FleetPath;
}

/** In all their namespaces, names that stand more than once: of the others there is nothing to say. */
function named(groups: readonly Placed[]): readonly Workload[] {
  const all = groups.flatMap((group) =>
    (group.names ?? []).flatMap((name, index) =>
      name === undefined ? [] : [{ group, name, path: [...group.path, 'names', index] }],
    ),
  );
  const times = new Map<string, number>();
  for (const { name } of all) times.set(name, (times.get(name) ?? 0) + 1);
  return all
    .filter(({ name }) => (times.get(name) ?? 0) > 1)
    .flatMap(({ group, name, path }) =>
      places(group).map((place) => ({ id: `${place}/${name}`, path })),
    );
}

/** Two selectors may find one workload all the same: that is seen in the cluster alone. */
function selected(group: Placed): readonly Workload[] {
  const pairs = Object.entries(group.selector ?? {});
  if (pairs.length === 0) return [];
  const labels = pairs.map(([key, value = '']) => `${key}: ${value}`).sort();
  const path = [...group.path, 'selector'];
  return places(group).map((place) => ({ id: `${place} with {${labels.join(', ')}}`, path }));
}

/** `Deployment shop`, for each of the group's namespaces. */
const places = ({ kind = 'Deployment', namespace, namespaces = [] }: Placed): readonly string[] =>
  [...new Set([namespace, ...namespaces])].flatMap((one) =>
    one === undefined ? [] : [`${kind} ${one}`],
  );
