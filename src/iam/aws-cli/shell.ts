/**
 * One argument of a command, whatever it holds (POSIX shell command language, 2.2.2, "Single-Quotes").
 * A NUL is in none: what is written here is JSON in ASCII, or a name.
 */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A command with its arguments, each quoted. */
export const command = (name: string, ...args: readonly string[]): string =>
  [name, ...args.map(quoted)].join(' ');
