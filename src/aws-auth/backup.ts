import { createHash } from 'node:crypto';
import { z } from 'zod';
import { sectionNames, type SectionName, type Sections } from './sections.ts';

/** On the ConfigMap: what stood there before our last write, and what that write was. */
export const backupAnnotation = 'rollcall.dev/aws-auth-backup';

/** New texts by section; `null` takes the key away. What is absent stays as it is. */
export type SectionChanges = Readonly<Partial<Record<SectionName, string | null>>>;

const saved = z.strictObject({ before: z.string().nullable(), wrote: z.string() });
const backup = z.strictObject({
  version: z.literal(1),
  fleet: z.string(),
  /** RFC 3339. */
  at: z.string(),
  sections: z.strictObject({ mapRoles: saved.optional(), mapUsers: saved.optional() }),
});
type Backup = z.output<typeof backup>;

/** The sections that differ, as they shall be. */
export function changedSections(before: Sections, after: Sections): SectionChanges {
  const changed = sectionNames.filter((section) => before[section] !== after[section]);
  return Object.fromEntries(changed.map((section) => [section, after[section] ?? null]));
}

/** The annotation's value for a write. @param now milliseconds since the epoch */
export function encodeBackup(
  fleet: string,
  now: number,
  before: Sections,
  changes: SectionChanges,
): string {
  const sections: Backup['sections'] = {};
  for (const section of sectionNames) {
    const text = changes[section];
    if (text === undefined) continue;
    sections[section] = { before: before[section] ?? null, wrote: digest(text ?? undefined) };
  }
  const at = new Date(now).toISOString();
  return JSON.stringify({ version: 1, fleet, at, sections } satisfies Backup);
}

/** How a fleet's last write is taken back. */
export type Undo =
  /** What stands there is exactly what was written: the texts before it, to the byte. */
  | { readonly kind: 'restore'; readonly at: string; readonly changes: SectionChanges }
  /**
   * It has been changed since: to restore it would undo that as well. Only the fleet's own entries are
   * brought back to what they were: `before` has the texts of the sections that were written.
   */
  | {
      readonly kind: 'own-entries';
      readonly at: string;
      readonly changed: readonly SectionName[];
      readonly before: Readonly<{ [Section in SectionName]?: string | undefined }>;
    }
  | { readonly kind: 'no-backup'; readonly found: string };

export function planUndo(live: Sections, annotation: string | undefined, fleet: string): Undo {
  if (annotation === undefined) return { kind: 'no-backup', found: 'no backup of a write' };
  const read = parseBackup(annotation);
  if (!read) return { kind: 'no-backup', found: 'a backup that this version does not read' };
  if (read.fleet !== fleet) {
    return { kind: 'no-backup', found: `the backup of a write of fleet ${read.fleet}` };
  }
  const { at, sections } = read;
  const written = sectionNames.filter((section) => sections[section]);
  const changed = written.filter((section) => digest(live[section]) !== sections[section]?.wrote);
  if (changed.length > 0) {
    const before: { [Section in SectionName]?: string | undefined } = {};
    for (const section of written) before[section] = sections[section]?.before ?? undefined;
    return { kind: 'own-entries', at, changed, before };
  }
  const changes = written.map((section) => [section, sections[section]?.before ?? null]);
  return { kind: 'restore', at, changes: Object.fromEntries(changes) as SectionChanges };
}

function parseBackup(text: string): Backup | undefined {
  try {
    return backup.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const digest = (text: string | undefined): string =>
  text === undefined ? 'absent' : `sha256:${createHash('sha256').update(text).digest('hex')}`;
