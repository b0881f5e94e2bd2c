/**
 * Whether a pattern of IAM's (`*` any characters, `?` one; upper and lower case the same, as in
 * actions) matches a text. In time linear to pattern × text: patterns come from the file.
 */
export function wildcardMatches(pattern: string, text: string): boolean {
  const wanted = pattern.toLowerCase();
  const given = text.toLowerCase();
  let at = 0;
  let star = -1; // the last `*`, and how much of the text it has taken
  let taken = 0;
  let from = 0;
  while (at < given.length) {
    const sign = wanted[from];
    if (sign === '*') {
      star = from++;
      taken = at;
    } else if (sign !== undefined && (sign === '?' || sign === given[at])) {
      from++;
      at++;
    } else if (star !== -1) {
      from = star + 1;
      at = ++taken;
    } else return false;
  }
  return /^\**$/.test(wanted.slice(from));
}
