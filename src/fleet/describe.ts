import { listed } from './suggest.ts';

const longest = 60;

/** A value as an error shows it: what it is, and enough of it to be recognised. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return `the text ${quoted(value)}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return `the truth value ${String(value)}`;
  if (Array.isArray(value))
    return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  const keys = Object.keys(value).map((key) =>
    key.length > longest ? `${key.slice(0, longest)}…` : key,
  );
  return keys.length === 0 ? 'an empty map' : `a map of ${listed(keys, 5)}`;
}

/** In double quotes, shortened when long. */
export const quoted = (text: string): string =>
  text.length > longest ? `${JSON.stringify(text.slice(0, longest))}…` : JSON.stringify(text);
