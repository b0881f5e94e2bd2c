import type { Problems } from './codes.ts';
import { reportRepeated, reportRepeats } from './references.ts';
import type { FleetDraft } from './shape.ts';

/** IAM lets a role have 50 tags; one is Rollcall's own, and one is left for the next. */
const mostTags = 48;
/** Says whose a role is (src/iam/tags.ts). */
const ownTag = 'rollcall.dev/fleet';

/** What holds for every role: each form once, and tags that IAM takes together. */
export function checkIam({ iam }: FleetDraft, problems: Problems): void {
  reportRepeated(problems, iam?.forms, ['iam', 'forms']);
  const keys = Object.keys(iam?.tags ?? {});
  reportRepeats(problems, keys, {
    code: 'fleet/tag',
    key: (key) => key.toLowerCase(),
    path: (key) => ['iam', 'tags', key],
    found: (again, first) => `the tag "${again}", and "${first}"`,
    expected: 'every tag’s key once: IAM takes upper and lower case for the same',
    next: 'Remove one.',
  });
  for (const key of keys.filter((one) => one.toLowerCase() === ownTag)) {
    problems.add({
      code: 'fleet/tag',
      path: ['iam', 'tags', key],
      atKey: true,
      found: `the tag "${key}", which Rollcall sets itself`,
      expected: 'tags of your own',
      next: 'Remove it.',
    });
  }
  if (keys.length <= mostTags) return;
  problems.add({
    code: 'fleet/tag',
    path: ['iam', 'tags'],
    atKey: true,
    found: `${keys.length} tags`,
    expected: `at most ${mostTags}: IAM lets a role have 50, and Rollcall keeps two`,
    next: 'Remove some.',
  });
}
