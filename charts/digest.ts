import { createHash } from 'node:crypto';

/** SHA-256 in hexadecimal, as `sha256sum` prints it. */
export const digestOf = (content: string | Buffer): string =>
  createHash('sha256').update(content).digest('hex');
