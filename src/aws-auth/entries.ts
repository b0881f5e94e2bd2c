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

/** One entry of `mapRoles` as it stands in the text. */
export interface Entry {
  /** As written, or empty where there is none. */
  readonly rolearn: string;
  readonly username: string;
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

/** Reads `mapRoles` strictly: a section that the authenticator can't read is left to its owner. */
export function parseEntries(text: string): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, keepSourceTokens: true });
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
    if (!isPlain(item)) {
      const { line } = lines.linePos(item.range[0]);
      return { kind: 'unreadable', line, reason: 'an alias, a merge key or a repeated key' };
    }
    const start = dashOffset(root, index) ?? item.range[0];
    entries.push({
      rolearn: field(item, 'rolearn'),
      username: field(item, 'username'),
      lineStart: text.lastIndexOf('\n', start) + 1,
      start,
      end: start + text.slice(start, item.range[1]).trimEnd().length,
    });
  }
  return { kind: root.flow ? 'flow' : 'block', entries, end: root.range?.[1] ?? text.length };
}

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

/** Keys of an entry are read without regard to case (aws-iam-authenticator decodes them as JSON). */
function field(item: YAMLMap, name: string): string {
  for (const { key, value } of item.items) {
    if (isScalar(key) && String(key.value).toLowerCase() === name) {
      return isScalar(value) ? String(value.value) : '';
    }
  }
  return '';
}
