import { applyEdits, block, blockInsertion, flowInsertion, lineBefore, removal } from './edits.ts';
import type { Edit, Style } from './edits.ts';
import { parseEntries, type Entry, type Parsed } from './entries.ts';
import { ownerMark } from './fragment.ts';
import { isNodeMapping } from './node-role.ts';
import { principalOf } from './principal.ts';
import { conflict, duplicate, neverMatches, nodeRole, unmergeable, unreadable } from './refusal.ts';
import type { Refusal } from './refusal.ts';
import { sameArn, sameIdentity, type Mapping, type SectionName } from './sections.ts';

/** What becomes of one entry that the fleet asks for, or has asked for. */
export interface MergeChange extends Mapping {
  readonly section: SectionName;
  readonly change: 'added' | 'updated' | 'removed' | 'unchanged';
  /** `someone else`: an equal entry was there; it is left alone, whatever the fleet file says later. */
  readonly owner: 'fleet' | 'someone else';
}

export type SectionResult =
  | {
      readonly kind: 'merged';
      readonly text: string | undefined;
      readonly changes: readonly MergeChange[];
    }
  | Refusal;

/**
 * Puts entries into one section, and takes out those of the same fleet that are wanted no more.
 * `mergeAwsAuth` says what is kept and what is refused.
 */
export function mergeSection(
  section: SectionName,
  existing: string | undefined,
  wanted: readonly Mapping[],
  fleet: string,
): SectionResult {
  const text = textOf(existing);
  // Nothing to write and nothing of ours: however it is written, it is not our business.
  if (wanted.length === 0 && !text.includes(ownerMark(fleet, ''))) {
    return { kind: 'merged', text: existing, changes: [] };
  }
  const parsed = parseEntries(section, text);
  if (parsed.kind === 'unreadable') return unreadable(section, parsed.line, parsed.reason);
  const wrong = wanted.find(({ arn }) => !canMatch(section, arn));
  if (wrong) return neverMatches(section, wrong.arn);
  const entries = parsed.kind === 'empty' ? [] : parsed.entries;
  const own = new Set(entries.filter((entry) => isOwn(text, parsed, entry, fleet)));
  const style = styleOf(section, text, parsed, fleet);

  const edits: Edit[] = [];
  const changes: MergeChange[] = [];
  const added: Mapping[] = [];
  for (const mapping of wanted) {
    const [entry, second] = entries.filter(({ arn }) => sameArn(arn, mapping.arn));
    if (second) return duplicate(section, mapping.arn);
    const told = { ...mapping, section, owner: 'fleet' } as const;
    if (!entry) {
      added.push(mapping);
      changes.push({ ...told, change: 'added' });
    } else if (!own.has(entry)) {
      if (!sameIdentity(entry, mapping)) return conflict(section, mapping, entry);
      changes.push({ ...told, change: 'unchanged', owner: 'someone else' });
    } else {
      const lines = block(mapping, style).trimStart();
      const unchanged = text.slice(entry.start, entry.end).trimEnd() === lines;
      if (!unchanged && isNodeMapping(entry)) return nodeRole(section, entry);
      if (!unchanged) edits.push({ start: entry.start, end: entry.end, text: lines });
      changes.push({ ...told, change: unchanged ? 'unchanged' : 'updated' });
    }
  }
  for (const entry of own) {
    if (wanted.some(({ arn }) => sameArn(arn, entry.arn))) continue;
    if (isNodeMapping(entry)) return nodeRole(section, entry);
    edits.push(removal(text, entry));
    const { arn, username, groups } = entry;
    changes.push({ section, arn, username, groups, change: 'removed', owner: 'fleet' });
  }
  if (added.length > 0) {
    edits.push(
      parsed.kind === 'flow'
        ? flowInsertion(text, parsed.end, added, entries.length > 0, style)
        : blockInsertion(text, entries.at(-1), added, style),
    );
  }
  if (edits.length === 0) return { kind: 'merged', text: existing, changes };
  const merged = applyEdits(text, edits);
  const expected = [...entries.filter((entry) => !own.has(entry)), ...fleetsOwn(changes)];
  return holdsExactly(section, merged, expected)
    ? { kind: 'merged', text: merged, changes }
    : unmergeable(section);
}

/** Placeholders for nothing, which the authenticator passes over (pkg/mapper/configmap, isSkippable). */
const textOf = (existing = ''): string =>
  ['``', '""', "''"].includes(existing.trim()) ? '' : existing;

/** A user's path stays in the ARN that is compared, a role's does not (pkg/arn, Canonicalize). */
function canMatch(section: SectionName, arn: string): boolean {
  const principal = principalOf(arn);
  return section === 'mapRoles'
    ? principal.kind === 'role' && principal.path === '/'
    : principal.kind === 'user';
}

const isOwn = (text: string, parsed: Parsed, entry: Entry, fleet: string): boolean =>
  parsed.kind === 'block' &&
  lineBefore(text, entry.lineStart).trim() === ownerMark(fleet, entry.arn);

function styleOf(section: SectionName, text: string, parsed: Parsed, fleet: string): Style {
  const [first] = parsed.kind === 'block' ? parsed.entries : [];
  return {
    section,
    fleet,
    indent: first ? first.start - first.lineStart : 0,
    newline: text.includes('\r\n') ? '\r\n' : '\n',
  };
}

const fleetsOwn = (changes: readonly MergeChange[]): readonly Mapping[] =>
  changes.filter(({ change, owner }) => owner === 'fleet' && change !== 'removed');

/** What was written is read again: a broken or a lost entry would cost someone their way in. */
function holdsExactly(section: SectionName, text: string, expected: readonly Mapping[]): boolean {
  const parsed = parseEntries(section, text);
  if (parsed.kind === 'unreadable') return false;
  const keys = (all: readonly Mapping[]): string =>
    JSON.stringify(
      all.map(({ arn, username, groups }) => JSON.stringify([arn, username, groups])).sort(),
    );
  return keys(parsed.kind === 'empty' ? [] : parsed.entries) === keys(expected);
}
