/**
 * A text as Markdown that is nothing but this text, whatever it holds; only what stands between
 * backticks stays code. For sentences: it may begin no block.
 */
export const prose = (text: string): string =>
  oneLine(text)
    .split(/(`[^`]+`)/)
    .map((part, index) => (index % 2 === 1 ? code(part.slice(1, -1)) : escaped(part)))
    .join('');

/** What Markdown takes for more than a character; the colon and the point are those of bare links. */
const escaped = (text: string): string =>
  text.replace(/[\\`*_[\]<|~&$]|:(?=\/\/)|(?<=www)\./gi, '\\$&');

/**
 * Code in a line. No backslash escapes there, and in a table a bar ends the cell all the same: so these
 * two, and what can't be seen, are written as JSON writes them.
 */
export const code = (text: string): string => `\`${text.replace(unseen, jsonEscape)}\``;

/** The bar, the backtick, and what is no visible character: controls, other spaces, marks of direction. */
const unseen = /[|`]|(?! )[\p{C}\p{Z}]/gu;

const jsonEscape = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

const oneLine = (text: string): string => text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();

/** A table of cells that are Markdown. */
export const markdownTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
