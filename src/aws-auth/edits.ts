import type { Entry } from './entries.ts';
import { ownerMark } from './fragment.ts';
import { arnKeys, type Mapping, type SectionName } from './sections.ts';

/** A replacement of `text[start, end)`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** How what is added is written, so that it fits to what is there. */
export interface Style {
  readonly section: SectionName;
  readonly fleet: string;
  /** Spaces before each `-`. */
  readonly indent: number;
  readonly newline: '\n' | '\r\n';
}

export const applyEdits = (text: string, edits: readonly Edit[]): string =>
  [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce(
      (result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end),
      text,
    );

/** An entry of a block list. */
export function block(mapping: Mapping, { section, indent, newline }: Style): string {
  const pad = ' '.repeat(indent);
  return [
    `${pad}- ${arnKeys[section]}: ${quoted(mapping.arn)}`,
    `${pad}  username: ${quoted(mapping.username)}`,
    `${pad}  groups: [${mapping.groups.map(quoted).join(', ')}]`,
  ].join(newline);
}

/** Entries with their marks, after the last one that is there. */
export function blockInsertion(
  text: string,
  last: Entry | undefined,
  added: readonly Mapping[],
  style: Style,
): Edit {
  const { indent, newline, fleet } = style;
  const at = last ? endOfLine(text, last.end) : text.length;
  const needsNewline = at > 0 && text[at - 1] !== '\n';
  const lines = added.map(
    (mapping) =>
      `${' '.repeat(indent)}${ownerMark(fleet, mapping.arn)}${newline}${block(mapping, style)}${newline}`,
  );
  return { start: at, end: at, text: (needsNewline ? newline : '') + lines.join('') };
}

/** Entries as JSON, before the `]` that ends the list. @param end after the `]` */
export function flowInsertion(
  text: string,
  end: number,
  added: readonly Mapping[],
  hasEntries: boolean,
  { section }: Style,
): Edit {
  const bracket = text.lastIndexOf(']', end);
  const hasComma = /,\s*$/.test(text.slice(0, bracket));
  const items = added.map(
    ({ arn, username, groups }) =>
      `{${quoted(arnKeys[section])}:${quoted(arn)},"username":${quoted(username)},"groups":[${groups.map(quoted).join(',')}]}`,
  );
  const comma = hasEntries && !hasComma ? ',' : '';
  return { start: bracket, end: bracket, text: comma + items.join(',') };
}

/** The mark's line, and the entry to the end of its last line. */
export function removal(text: string, entry: Entry): Edit {
  const start = text.lastIndexOf('\n', entry.lineStart - 2) + 1;
  return { start, end: endOfLine(text, entry.end), text: '' };
}

/** The line above the one that starts at `lineStart`, or an empty text. */
export function lineBefore(text: string, lineStart: number): string {
  if (lineStart === 0) return '';
  return text.slice(text.lastIndexOf('\n', lineStart - 2) + 1, lineStart);
}

/** After the line in which `offset` stands, or at `offset` where a line has just ended. */
function endOfLine(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}

/**
 * A JSON string is a YAML double-quoted scalar: no value can break out of its place. What YAML takes
 * for a line break or refuses, and JSON leaves as it is, is written by its number.
 */
const quoted = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
