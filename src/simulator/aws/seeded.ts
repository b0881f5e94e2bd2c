import { createHash } from 'node:crypto';

/** Bytes that look random and follow from the seed: secrets of a world that nobody else trusts. */
export class Seeded {
  readonly #seed: string;
  #block = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  bytes(length: number): Buffer {
    const blocks: Buffer[] = [];
    for (let have = 0; have < length; have += 32) {
      blocks.push(createHash('sha256').update(`${this.#seed}/${this.#block++}`).digest());
    }
    return Buffer.concat(blocks).subarray(0, length);
  }

  /** `length` characters of A–Z and 2–7, as in AWS's unique ids and access keys. */
  base32(length: number): string {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    return Array.from(this.bytes(length), (byte) => alphabet[byte % 32]).join('');
  }

  base64(bytes: number): string {
    return this.bytes(bytes).toString('base64');
  }

  /** A lower-case UUID. */
  uuid(): string {
    const hex = this.bytes(16).toString('hex');
    return [[0, 8], [8, 12], [12, 16], [16, 20], [20]]
      .map(([from, to]) => hex.slice(from, to))
      .join('-');
  }
}
