import { createHash } from 'node:crypto';

/**
 * Sids begin with the fleet's name: an existing role may get statements of several fleets. A name that
 * Pascal case does not keep (`a-1`, which `a1` is too) has a hash before it, so that no fleet's Sids
 * look like another's.
 */
export const sidPrefix = (fleet: string): string => {
  const mark = /^[a-z0-9]+$/.test(fleet)
    ? ''
    : createHash('sha256').update(fleet).digest('hex').slice(0, 6);
  return `Rollcall${mark}${pascal(fleet)}`;
};

/** What the Sids of a fleet's trust statements look like, long or short, those of an earlier file too. */
export const trustSidPattern = (fleet: string): string => `^${sidPrefix(fleet)}(Trusts.*|T[0-9]+)$`;

/** A Sid is of letters and digits. */
export const pascal = (text: string): string =>
  text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** Sids must differ within a document. */
export function uniqueSid(wanted: string, taken: Set<string>): string {
  let sid = wanted;
  for (let number = 2; taken.has(sid); number += 1) sid = `${wanted}${number}`;
  taken.add(sid);
  return sid;
}
