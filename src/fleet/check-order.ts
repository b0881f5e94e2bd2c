import type { Problems } from './codes.ts';
import type { FleetPath } from './diagnostic.ts';
import { reportUnknown } from './references.ts';

interface Group {
  readonly name?: string | undefined;
  readonly after?: readonly (string | undefined)[] | undefined;
  readonly path: FleetPath;
}

/** What `after` names must be there, and nothing may wait for itself. */
export function checkOrder(groups: readonly Group[], problems: Problems): void {
  const byName = new Map<string, Group>();
  for (const group of groups) {
    if (group.name !== undefined && !byName.has(group.name)) byName.set(group.name, group);
  }
  // A group whose name is at fault may be the one that is meant.
  const whole = groups.every((group) => group.name !== undefined || !('name' in group));
  for (const { after = [], path } of groups) {
    for (const [index, name] of after.entries()) {
      if (name === undefined || byName.has(name) || !whole) continue;
      reportUnknown(problems, 'group', name, byName.keys(), [...path, 'after', index]);
    }
  }
  const circle = findCircle(byName);
  if (circle === undefined) return;
  const [first = ''] = circle;
  problems.add({
    code: 'fleet/circular-order',
    path: [...(byName.get(first)?.path ?? []), 'after'],
    found: `a circle: ${[...circle, first].join(' after ')}`,
    expected: 'an order in which each group comes after groups that don’t wait for it',
    next: 'Remove one of these from `after`.',
  });
}

/** A circle, by names, if there is one. In linear time, and without recursion: files may be long. */
function findCircle(byName: ReadonlyMap<string, Group>): readonly string[] | undefined {
  const waiting = new Map<string, Set<string>>();
  const followers = new Map<string, string[]>([...byName.keys()].map((name) => [name, []]));
  for (const [name, { after = [] }] of byName) {
    const before = new Set(after.filter((one) => one !== undefined && byName.has(one)) as string[]);
    waiting.set(name, before);
    for (const one of before) followers.get(one)?.push(name);
  }
  const ready = [...waiting].filter(([, before]) => before.size === 0).map(([name]) => name);
  for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
    waiting.delete(name);
    for (const follower of followers.get(name) ?? []) {
      const before = waiting.get(follower);
      before?.delete(name);
      if (before?.size === 0) ready.push(follower);
    }
  }
  // Whatever still waits, waits for something that does: followed far enough, that is a circle.
  const trail = new Set<string>();
  let [at] = waiting.keys();
  while (at !== undefined && !trail.has(at)) {
    trail.add(at);
    [at] = waiting.get(at) ?? [];
  }
  return at === undefined ? undefined : [...trail].slice([...trail].indexOf(at));
}
