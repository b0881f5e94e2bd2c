import type { AwsAuthCode } from './codes.ts';
import { parseEntries, type Entry } from './entries.ts';
import { ownerMark, type AwsAuthFragment, type RoleMapping } from './fragment.ts';

export interface MergeChange {
  readonly rolearn: string;
  readonly change: 'added' | 'updated' | 'removed' | 'unchanged';
}

export type MergeResult =
  | {
      readonly kind: 'merged';
      readonly mapRoles: string;
      readonly changes: readonly MergeChange[];
    }
  | {
      readonly kind: 'refused';
      readonly code: AwsAuthCode;
      readonly found: string;
      readonly expected: string;
      readonly next: string;
    };

/** A replacement of `text[start, end)`. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Puts a fragment's entries into the `mapRoles` of an `aws-auth` ConfigMap, and takes out those of
 * the same fleet that it no longer has. Entries are the fleet's own when its mark stands on the line
 * above; every byte outside of them is kept, comments and order included.
 *
 * An entry of someone else's for the same role is left alone when it names the same user, and is a
 * refusal when it names another: of two entries for one role the last silently wins.
 * A `mapRoles` in flow style (the JSON that AWS CDK writes) can't hold marks: entries are added to
 * it, and never changed or removed.
 */
export function mergeAwsAuth(existing: string | undefined, fragment: AwsAuthFragment): MergeResult {
  const text = existing ?? '';
  const parsed = parseEntries(text);
  if (parsed.kind === 'unreadable') {
    return {
      kind: 'refused',
      code: 'aws-auth/unreadable',
      found: `mapRoles that can't be read at its line ${parsed.line}: ${parsed.reason}`,
      expected: 'a YAML list of maps',
      next: 'Repair mapRoles by hand first: the authenticator ignores all of it as it stands.',
    };
  }
  const entries = parsed.kind === 'empty' ? [] : parsed.entries;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const isOwn = (entry: Entry): boolean =>
    parsed.kind === 'block' &&
    lineBefore(text, entry.lineStart).trim() === ownerMark(fragment.fleet, entry.rolearn);
  const indent =
    entries[0] && parsed.kind === 'block' ? entries[0].start - entries[0].lineStart : 0;

  const edits: Edit[] = [];
  const changes: MergeChange[] = [];
  const added: RoleMapping[] = [];
  for (const mapping of fragment.mapRoles) {
    const same = entries.filter((entry) => sameArn(entry.rolearn, mapping.rolearn));
    const [entry, second] = same;
    if (second) return duplicate(mapping);
    if (!entry) {
      added.push(mapping);
      changes.push({ rolearn: mapping.rolearn, change: 'added' });
    } else if (isOwn(entry)) {
      const wanted = block(mapping, indent, newline).trimStart();
      const unchanged = text.slice(entry.start, entry.end).trimEnd() === wanted;
      if (!unchanged) edits.push({ start: entry.start, end: entry.end, text: wanted });
      changes.push({ rolearn: mapping.rolearn, change: unchanged ? 'unchanged' : 'updated' });
    } else if (entry.username === mapping.username) {
      changes.push({ rolearn: mapping.rolearn, change: 'unchanged' });
    } else {
      return conflict(mapping, entry);
    }
  }
  for (const entry of entries.filter(isOwn)) {
    if (fragment.mapRoles.some((mapping) => sameArn(mapping.rolearn, entry.rolearn))) continue;
    edits.push(removal(text, entry));
    changes.push({ rolearn: entry.rolearn, change: 'removed' });
  }
  if (added.length > 0) {
    edits.push(
      parsed.kind === 'flow'
        ? flowInsertion(text, parsed.end, added, entries.length > 0)
        : blockInsertion(text, entries.at(-1), added, indent, newline, fragment.fleet),
    );
  }
  const mapRoles = apply(text, edits);
  const removed = changes.filter(({ change }) => change === 'removed').length;
  return countEntries(mapRoles) === entries.length + added.length - removed
    ? { kind: 'merged', mapRoles, changes }
    : unmergeable;
}

/** What was written is read again: a broken section would cost the nodes their mapping. */
function countEntries(mapRoles: string): number | undefined {
  const parsed = parseEntries(mapRoles);
  switch (parsed.kind) {
    case 'unreadable':
      return undefined;
    case 'empty':
      return 0;
    case 'block':
    case 'flow':
      return parsed.entries.length;
  }
}

const unmergeable: MergeResult = {
  kind: 'refused',
  code: 'aws-auth/unreadable',
  found: 'mapRoles in a style to which an entry can’t be added, or from which none can be taken',
  expected: 'a plain block list of maps',
  next: 'Write mapRoles as a plain block list first.',
};

/** The authenticator compares ARNs without regard to case (pkg/mapper/configmap). */
const sameArn = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function lineBefore(text: string, lineStart: number): string {
  if (lineStart === 0) return '';
  return text.slice(text.lastIndexOf('\n', lineStart - 2) + 1, lineStart);
}

/** JSON strings are YAML double-quoted scalars: no value can break out of its place. */
function block(mapping: RoleMapping, indent: number, newline: string): string {
  const pad = ' '.repeat(indent);
  const groups = mapping.groups.map((group) => JSON.stringify(group)).join(', ');
  return [
    `${pad}- rolearn: ${JSON.stringify(mapping.rolearn)}`,
    `${pad}  username: ${JSON.stringify(mapping.username)}`,
    `${pad}  groups: [${groups}]`,
  ].join(newline);
}

function blockInsertion(
  text: string,
  last: Entry | undefined,
  added: readonly RoleMapping[],
  indent: number,
  newline: string,
  fleet: string,
): Edit {
  const at = last ? endOfLine(text, last.end) : text.length;
  const needsNewline = at > 0 && text[at - 1] !== '\n';
  const lines = added.map(
    (mapping) =>
      `${' '.repeat(indent)}${ownerMark(fleet, mapping.rolearn)}${newline}${block(mapping, indent, newline)}${newline}`,
  );
  return { start: at, end: at, text: (needsNewline ? newline : '') + lines.join('') };
}

/** After the line in which `offset` stands, or at `offset` where a line has just ended. */
function endOfLine(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}

function flowInsertion(
  text: string,
  end: number,
  added: readonly RoleMapping[],
  hasEntries: boolean,
): Edit {
  const bracket = text.lastIndexOf(']', end);
  const hasComma = /,\s*$/.test(text.slice(0, bracket));
  const items = added.map((mapping) => JSON.stringify(mapping)).join(',');
  return { start: bracket, end: bracket, text: (hasEntries && !hasComma ? ',' : '') + items };
}

/** The mark's line, and the entry to the end of its last line. */
function removal(text: string, entry: Entry): Edit {
  const start = text.lastIndexOf('\n', entry.lineStart - 2) + 1;
  return { start, end: endOfLine(text, entry.end), text: '' };
}

const apply = (text: string, edits: readonly Edit[]): string =>
  [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce(
      (result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end),
      text,
    );

const duplicate = (mapping: RoleMapping): MergeResult => ({
  kind: 'refused',
  code: 'aws-auth/duplicate',
  found: `more than one entry for ${mapping.rolearn}`,
  expected: 'one: of several the last silently wins',
  next: 'Remove all but one by hand.',
});

const conflict = (mapping: RoleMapping, entry: Entry): MergeResult => ({
  kind: 'refused',
  code: 'aws-auth/conflict',
  found: `an entry for ${mapping.rolearn} that maps it to user ${JSON.stringify(entry.username)}`,
  expected: `user ${JSON.stringify(mapping.username)}, or no entry of someone else's`,
  next: 'Set `kubernetesUser` in the fleet file to the user that is there, or remove the entry.',
});
