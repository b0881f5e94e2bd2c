import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Node,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { arnKeys, type Mapping, type SectionName } from './sections.ts';

/** One entry of a section as it stands in the text. What it lacks is empty. */
export interface Entry extends Mapping {
  /** Offset of the line on which it starts. */
  readonly lineStart: number;
  /** Offset of its `-`. */
  readonly start: number;
  /** Offset after its last value. */
  readonly end: number;
}

export type Parsed =
  | { readonly kind: 'empty' }
  | { readonly kind: 'block' | 'flow'; readonly entries: readonly Entry[]; readonly end: number }
  | { readonly kind: 'unreadable'; readonly line: number; readonly reason: string };

/**
 * Reads a section strictly: one that the authenticator can't read, or reads in part, is left to its
 * owner. YAML 1.1, as the authenticator's parser has it (sigs.k8s.io/yaml): `username: on` is no text.
 */
export function parseEntries(section: SectionName, text: string): Parsed {
  const lines = new LineCounter();
  const options = { lineCounter: lines, keepSourceTokens: true, version: '1.1' } as const;
  const document = parseDocument(text, { ...options, logLevel: 'error' });
  const [error] = document.errors;
  if (error) {
    const message = error.message.split('\n')[0] ?? error.message;
    return { kind: 'unreadable', line: lines.linePos(error.pos[0]).line, reason: message };
  }
  const root: Node | null = document.contents;
  if (root === null || (isScalar(root) && root.value === null)) return { kind: 'empty' };
  if (!isSeq(root)) return { kind: 'unreadable', line: 1, reason: 'not a list' };
  const entries: Entry[] = [];
  for (const [index, item] of root.items.entries()) {
    if (!isMap(item) || !item.range) {
      return { kind: 'unreadable', line: 1, reason: 'an item of the list is not a map' };
    }
    const mapping = isPlain(item) ? mappingOf(item, section) : hidden;
    if (typeof mapping === 'string') {
      return { kind: 'unreadable', line: lines.linePos(item.range[0]).line, reason: mapping };
    }
    const start = dashOffset(root, index) ?? item.range[0];
    entries.push({
      ...mapping,
      lineStart: text.lastIndexOf('\n', start) + 1,
      start,
      end: start + text.slice(start, item.range[1]).trimEnd().length,
    });
  }
  return { kind: root.flow ? 'flow' : 'block', entries, end: root.range?.[1] ?? text.length };
}

const hidden = 'an alias, a merge key or a repeated key';

/** Nothing that hides what the entry's keys are: an entry that is overlooked would be added again. */
function isPlain(item: YAMLMap): boolean {
  const keys = item.items.map(({ key }) => (isScalar(key) ? String(key.value).toLowerCase() : ''));
  const isRepeated = new Set(keys).size !== keys.length;
  return !isRepeated && item.items.every(({ key, value }) => isKey(key) && !isAlias(value));
}

const isKey = (key: unknown): boolean => isScalar(key) && key.value !== '<<';

/** Where a block list's item has its `-`. */
function dashOffset(list: YAMLSeq, index: number): number | undefined {
  const token = list.srcToken;
  if (token?.type !== 'block-seq') return undefined;
  return token.items[index]?.start.find((one) => one.type === 'seq-item-ind')?.offset;
}

/** The entry, or why the authenticator reads it in part only. */
function mappingOf(item: YAMLMap, section: SectionName): Mapping | string {
  const [arn, username] = [textAt(item, arnKeys[section]), textAt(item, 'username')];
  if (arn === undefined) return `${arnKeys[section]} that is no text: put it in quotes`;
  if (username === undefined) return 'username that is no text: put it in quotes';
  const groups = groupsOf(valueAt(item, 'groups'));
  return groups
    ? { arn, username, groups }
    : 'groups that are no list of texts: put each in quotes';
}

/** Keys of an entry are read without regard to case (aws-iam-authenticator decodes them as JSON). */
function valueAt(item: YAMLMap, name: string): unknown {
  const found = item.items.find(
    ({ key }) => isScalar(key) && String(key.value).toLowerCase() === name,
  );
  return found?.value ?? null;
}

function textAt(item: YAMLMap, name: string): string | undefined {
  const value = valueAt(item, name);
  if (isNothing(value)) return '';
  return isScalar(value) && typeof value.value === 'string' ? value.value : undefined;
}

function groupsOf(value: unknown): readonly string[] | undefined {
  if (isNothing(value)) return [];
  if (!isSeq(value)) return undefined;
  const groups = value.items.map((one) => (isScalar(one) ? one.value : undefined));
  return groups.every((one) => typeof one === 'string') ? groups : undefined;
}

const isNothing = (value: unknown): boolean =>
  value === null || (isScalar(value) && value.value === null);
