import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../../charts/user-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { openHub, type Hub } from './hub.ts';
import type { HubOptions } from './options.ts';
import { findPlace } from './place.ts';
import { readRecord, type HubRecord } from './record.ts';

/** What is to be written on the record, and what to tell once it is. */
export interface Change {
  /** `null` takes one away. Empty: nothing is to be written. */
  readonly annotations: Readonly<Record<string, string | null>>;
  readonly told: string;
}

/** A run that is under way writes its record several times a second. */
const mostTries = 20;
/** After a conflict: it grows with each, up to the most. Milliseconds. */
const pauseMs = 25;
const longestPauseMs = 100;

export type Decide = (record: HubRecord, hub: Hub) => Change | Promise<Change>;

/** Writes an operator’s word on a restart’s record, says so, and gives the exit code. @throws UserError */
export async function changeControl(
  io: CliIo,
  restart: string,
  options: HubOptions,
  decide: Decide,
): Promise<number> {
  const place = findPlace(io, restart, options);
  if (!place) return exitCodes.error;
  const hub = openHub(io, place, options);
  const told = await changeRecord(hub, decide);
  io.stderr(`${hub.where}\n${told}`);
  return exitCodes.ok;
}

/**
 * Reads the record, decides, and writes on the precondition that nobody has written since; where
 * someone has, all of it again. Answers with what to tell.
 *
 * @throws UserError `hub/busy` where it never succeeds, and what `decide` and the hub throw
 */
async function changeRecord(hub: Hub, decide: Decide): Promise<string> {
  for (let tries = 1; tries <= mostTries; tries++) {
    const record = await readRecord(hub);
    const { annotations, told } = await decide(record, hub);
    if (Object.keys(annotations).length === 0) return told;
    if ((await hub.annotate(annotations, record.resourceVersion)) === 'written') return told;
    await sleep(Math.min(pauseMs * tries, longestPauseMs));
  }
  throw new UserError({
    code: 'hub/busy',
    place: hub.where,
    found: `a record that was written by someone else between each of ${mostTries} reads and writes`,
    expected: 'a moment in which nobody writes it',
    next: 'Try again.',
  });
}
