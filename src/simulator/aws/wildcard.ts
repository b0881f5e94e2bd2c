/**
 * IAM's wildcards: `*` is any run of characters, `:` and `/` among them; `?` is exactly one
 * (IAM user guide, "Resource"). Two pointers and one way back, so that no pattern is slow.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** ArnLike: each of the six segments on its own, so that no wildcard crosses a colon but the last. */
export function matchesArn(pattern: string, arn: string): boolean {
  const patterns = segments(pattern);
  const parts = segments(arn);
  return (
    patterns.length === 6 &&
    parts.length === 6 &&
    patterns.every((part, index) => matchesWildcard(part, parts[index] ?? ''))
  );
}

function segments(arn: string): string[] {
  const [a, b, c, d, e, ...rest] = arn.split(':');
  return [a, b, c, d, e, rest.length > 0 ? rest.join(':') : undefined].filter(
    (part) => part !== undefined,
  );
}
