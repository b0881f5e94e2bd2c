import { createHash } from 'node:crypto';

/** STS API reference, AssumeRole: RoleSessionName is 2–64 of `[\w+=,.@-]`. */
const longest = 64;

/**
 * A RoleSessionName that tells an auditor who asked: `rollcall-<part>-<part>…`. What STS does not
 * allow becomes `-`; a name that is too long ends in a hash of the whole, so that two stay two.
 */
export function sessionName(...parts: readonly string[]): string {
  const whole = ['rollcall', ...parts].join('-');
  const name = whole.replace(/[^\w+=,.@-]/g, '-');
  if (name.length <= longest) return name;
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, 8);
  return `${name.slice(0, longest - 1 - hash.length)}-${hash}`;
}
