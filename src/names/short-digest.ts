import { createHash } from 'node:crypto';

/** Eight hexadecimal digits that tell a text from others, at the end of a name that is too long for the whole. */
export const shortDigest = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 8);
