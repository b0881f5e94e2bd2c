import type { RunEvent } from './core/events.ts';
import type { Trouble } from './core/outcome.ts';
import { LinkError } from './link-error.ts';

type Unstamped<T> = T extends unknown ? Omit<T, 'at'> : never;
/** An event before it is given its time. */
export type NewEvent = Unstamped<RunEvent>;
export type Emit = (event: NewEvent) => void;

/** @throws the error itself, unless it is a link that did not hold */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof LinkError)) throw error;
  return { link: error.link, transient: error.transient, message: error.message };
}
