const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun'].concat(
  ['jul', 'aug', 'sep', 'oct', 'nov', 'dec'], // 1–12
);
const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']; // 0–6

/**
 * Five cron fields, as src/form/schedule.ts takes them, as a pattern that RE2 takes too. What no pattern
 * can say is left to the API server: that a range runs forwards, and that a day comes at all.
 */
export const cronPattern = (): string =>
  `^${[
    field('[0-5]?[0-9]'),
    field('[01]?[0-9]|2[0-3]'),
    field('0?[1-9]|[12][0-9]|3[01]'),
    field(`0?[1-9]|1[0-2]|${named(months)}`),
    field(`0?[0-6]|${named(weekdays)}`),
  ].join(' +')}$`;

/** Without an own flag for it in JSON Schema: in either case, letter by letter. */
const named = (words: readonly string[]): string =>
  words.join('|').replace(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`);

function field(value: string): string {
  const step = '(?:/0?[1-9]|/[1-5][0-9])';
  const element = `(?:\\*${step}?|(?:${value})(?:-(?:${value})${step}?)?)`;
  return `${element}(?:,${element})*`;
}
