import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitLines } from '../../../../jobs/restart/kube/lines.ts';

async function* chunksOf(bytes: Uint8Array, cuts: readonly number[]) {
  let from = 0;
  for (const cut of [...cuts.map((at) => at % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  )) {
    yield bytes.subarray(from, cut);
    from = cut;
    await Promise.resolve();
  }
}

describe('splitLines', () => {
  it('gives the same lines however the bytes are cut', async () => {
    const line = fc
      .string({ unit: 'grapheme' })
      .filter((text) => text.trim() !== '' && !text.includes('\n') && !text.startsWith('\ufeff'));
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.array(fc.nat()), async (lines, cuts) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        const split: string[] = [];
        for await (const one of splitLines(chunksOf(bytes, cuts))) split.push(one);
        expect(split).toEqual(lines);
      }),
    );
  });

  it('takes no line without an end', async () => {
    const endless = async function* () {
      for (;;) yield await Promise.resolve(new Uint8Array(1024 * 1024).fill(97));
    };
    await expect(splitLines(endless()).next()).rejects.toThrow('longer than 8388608');
  });
});
