const form = /^(0|[1-9]\d{0,5})([smh])$/;
const seconds = { s: 1, m: 60, h: 3600 } as const;
const longest = 24 * 3600;

/** `90s`, `15m`, `1h`, `0s` in seconds; `undefined` for any other text, and for more than a day. */
export function durationSeconds(text: string): number | undefined {
  const match = form.exec(text);
  if (!match) return undefined;
  const [, count, unit] = match;
  const total = Number(count) * seconds[unit as keyof typeof seconds];
  return total <= longest ? total : undefined;
}

/** Whether a text is a span of time within bounds, both of them included. Seconds. */
export const isDurationWithin =
  (least: number, most: number) =>
  (text: string): boolean => {
    const total = durationSeconds(text);
    return total !== undefined && least <= total && total <= most;
  };
