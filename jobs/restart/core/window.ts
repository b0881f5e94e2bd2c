import type { PlannedWindow } from '../../../src/plan/restart-plan.ts';
import type { Instant } from './instant.ts';

export type WindowState =
  { readonly open: true; readonly until: Instant } | { readonly open: false };

const minute = 60_000;
const day = 24 * 60;
/** How far ahead a window's end is looked for. Milliseconds. */
const horizon = 8 * day * minute;
/** Zones change their clocks at quarters of an hour (IANA time zone database). Milliseconds. */
const step = 15 * minute;

/**
 * Whether a window is open. The clocks of the zone decide, minute by minute: where they skip an hour
 * a window is shorter by it, and where they show an hour twice only the first one counts, so that no
 * window is ever longer than it was written. A zone that is not known is never open.
 */
export function windowAt(windows: readonly PlannedWindow[], at: Instant): WindowState {
  const open = windows.map(({ timeZone, ...hours }) => ({ hours, zone: new Zone(timeZone) }));
  const isOpen = (time: Instant): boolean =>
    open.some(({ hours, zone }) => isWithin(hours, zone.clocksAt(time)));
  if (!isOpen(at)) return { open: false };
  const end = at + horizon;
  let next = (Math.floor(at / minute) + 1) * minute;
  while (next < end && isOpen(next)) next += minute;
  return { open: true, until: next };
}

function isWithin(
  { days, from, to }: Omit<PlannedWindow, 'timeZone'>,
  clocks: Clocks | undefined,
): boolean {
  if (!clocks || clocks.repeated) return false;
  const { weekday, minutes } = clocks;
  if (from < to) return days.includes(weekday) && minutes >= from && minutes < to;
  const yesterday = (weekday + 6) % 7;
  return (days.includes(weekday) && minutes >= from) || (days.includes(yesterday) && minutes < to);
}

/** What the clocks of a zone show. */
interface Clocks {
  /** 0 is Sunday. */
  readonly weekday: number;
  /** Since midnight. */
  readonly minutes: number;
  /** They show it for the second time. */
  readonly repeated: boolean;
}

class Zone {
  readonly #format: Intl.DateTimeFormat | undefined;
  readonly #offsets = new Map<Instant, number>();

  constructor(timeZone: string) {
    this.#format = formatOf(timeZone);
  }

  clocksAt(at: Instant): Clocks | undefined {
    if (!this.#format) return undefined;
    const offset = this.#offsetAt(this.#format, at);
    const wall = at + offset;
    const minutes = Math.floor(wall / minute);
    return {
      // 1 January 1970 was a Thursday.
      weekday: (Math.floor(minutes / day) + 4) % 7,
      minutes: minutes % day,
      repeated: this.#wasShownBefore(this.#format, wall, offset),
    };
  }

  /** The same wall time, under an offset that held before and was greater. */
  #wasShownBefore(format: Intl.DateTimeFormat, wall: number, offset: number): boolean {
    return [30, 60, 120]
      .map((back) => offset + back * minute)
      .some((before) => this.#offsetAt(format, wall - before) === before);
  }

  /** What its clocks are ahead of UTC. Milliseconds. */
  #offsetAt(format: Intl.DateTimeFormat, at: Instant): number {
    const quarter = Math.floor(at / step) * step;
    const known = this.#offsets.get(quarter);
    if (known !== undefined) return known;
    const parts = new Map(format.formatToParts(quarter).map(({ type, value }) => [type, value]));
    const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
    const wall = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    this.#offsets.set(quarter, wall - quarter);
    return wall - quarter;
  }
}

/** `undefined` for an unknown zone. */
function formatOf(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return undefined;
  }
}
