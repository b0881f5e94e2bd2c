/** One word of a POSIX shell's command line, whatever it holds. */
export const shellWord = (text: string): string =>
  /^[\w@%+:,./=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

export const shellLine = (argv: readonly string[]): string => argv.map(shellWord).join(' ');
