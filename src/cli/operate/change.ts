import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../../charts/user-error.ts';
import { exitCodes } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { openHub, type Hub } from './hub.ts';
import type { HubOptions } from './options.ts';
import { findPlace } from './place.ts';
import { readRecord, type HubRecord } from './record.ts';
import { nobodyAtWork, workOf } from './work.ts';

/** What is to be written on the record, and what to tell once it is. */
export interface Change {
  /** `null` takes one away. Empty: nothing is to be written. */
  readonly annotations: Readonly<Record<string, string | null>>;
  readonly told: string;
  /**
   * It may be said whatever else is written meanwhile, and more than once: a run that writes all the
   * time can't keep it away. Default: only if nothing was written since.
   */
  readonly anyVersion?: true;
  /** The run that is to hear it: where nobody is at work on it, that is told besides. */
  readonly run?: string;
}

/** A run that is under way writes its record several times a second. */
const mostTries = 20;
/** After so many, what may be said at any version is. */
const mostConflicts = 3;
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
  const { told, run } = await changeRecord(hub, decide);
  const idle = run !== undefined && (await workOf(hub, io.now())) === 'none';
  io.stderr(`${hub.where}\n${told}${idle ? `${nobodyAtWork(run)}\n` : ''}`);
  return exitCodes.ok;
}

/**
 * Reads the record, decides, and writes on the precondition that nobody has written since; where
 * someone has, all of it again. What may be said at any version is written without the precondition
 * after some conflicts, and read back. Answers with what was decided.
 *
 * @throws UserError `hub/busy` where it never succeeds, and what `decide` and the hub throw
 */
async function changeRecord(hub: Hub, decide: Decide): Promise<Change> {
  let unproved: Change | undefined;
  for (let tries = 1; tries <= mostTries; tries++) {
    const record = await readRecord(hub);
    const change = await decide(record, hub);
    const { annotations, anyVersion = false } = change;
    if (Object.keys(annotations).length === 0) return unproved ?? change;
    const blind = anyVersion && tries > mostConflicts;
    const written = await hub.annotate(annotations, blind ? undefined : record.resourceVersion);
    if (written === 'written') {
      if (!blind) return change;
      unproved = change;
      continue;
    }
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
