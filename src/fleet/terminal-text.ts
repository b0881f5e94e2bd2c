/**
 * What could steer a terminal or reorder what is shown: controls, line and paragraph separators,
 * format characters (zero-width ones, bidirectional overrides), lone surrogates, and the unassigned.
 */
const hidden = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/** Two columns wide: East Asian wide and fullwidth (UAX #11, the blocks that matter), and emoji. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}|\ufe0f/u;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The text on one line, safe to print: a tab is two spaces, hidden characters are `\u{…}`. */
export const printable = (text: string): string =>
  [...graphemes.segment(text)].map(({ segment }) => shown(segment)).join('');

/** Columns that `printable(text)` takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const { segment } of graphemes.segment(text)) {
    const safe = shown(segment);
    if (safe !== segment) columns += safe.length;
    else columns += wide.test(segment) ? 2 : /^\p{M}+$/u.test(segment) ? 0 : 1;
  }
  return columns;
}

function shown(grapheme: string): string {
  if (grapheme === '\t') return '  ';
  if (!hidden.test(grapheme)) return grapheme;
  return Array.from(grapheme, (character) =>
    hidden.test(character) ? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}` : character,
  ).join('');
}
