import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareWithFolder, readOutputRecord, writeOutput } from '../../charts/write.ts';
import type { Output } from '../../charts/output.ts';
import { examples, exampleText, treeOf } from './support/examples.ts';
import { contentOf, fill, inTemporaryFolder, outputWith, picture } from './support/folders.ts';

/** As Git gives files out by `core.autocrlf=true`. */
const withCrlf = (text: string): string => text.replaceAll('\n', '\r\n');

function checkOut(dist: string): void {
  for (const [path, text] of Object.entries(contentOf(dist))) {
    writeFileSync(join(dist, path), withCrlf(text));
  }
}

const first = outputWith({ 'a/1.yaml': 'one: |\n  1\n', 'b/2.yaml': 'two\n' });
const second = outputWith({ 'a/1.yaml': 'one: |\n  1\n', 'b/2.yaml': 'new\n', 'c/3.yaml': '3\n' });

const written = (output: Output, work: (dist: string) => void): void => {
  inTemporaryFolder((folder) => {
    const dist = join(folder, 'dist');
    writeOutput(output, dist);
    work(dist);
  });
};

describe('an output that Git has given out with CRLF', () => {
  it('counts as it was written: nothing is edited, and nothing is touched', () => {
    written(first, (dist) => {
      checkOut(dist);
      const before = picture(dist);
      expect(compareWithFolder(first, dist).plan).toMatchObject({ edited: [], write: [] });
      expect(writeOutput(first, dist)).toMatchObject({ edited: [], write: [], remove: [] });
      expect(picture(dist)).toEqual(before);
      expect([...(readOutputRecord(dist)?.files.keys() ?? [])]).toEqual(['a/1.yaml', 'b/2.yaml']);
    });
  });

  it('is written where its text changes, and else left alone', () => {
    written(first, (dist) => {
      checkOut(dist);
      expect(writeOutput(second, dist)).toMatchObject({ edited: [], keep: ['a/1.yaml'] });
      const { '_rollcall.json': list, ...files } = contentOf(dist);
      expect(list).not.toContain('\r');
      expect(files).toEqual({
        'a/1.yaml': 'one: |\r\n  1\r\n',
        'b/2.yaml': 'new\n',
        'c/3.yaml': '3\n',
      });
    });
  });

  it('but its scripts are written again, as no shell takes them', () => {
    const output = outputWith({ 'a.yaml': 'a\n', 'run.sh': 'set -e\n' });
    written(output, (dist) => {
      checkOut(dist);
      expect(writeOutput(output, dist)).toMatchObject({ edited: [], keep: ['a.yaml'] });
      expect(contentOf(dist)).toMatchObject({ 'a.yaml': 'a\r\n', 'run.sh': 'set -e\n' });
    });
  });

  it('is compared by its lines', () => {
    written(first, (dist) => {
      checkOut(dist);
      const { plan, textAt } = compareWithFolder(second, dist);
      expect(plan.write.map(({ path }) => path)).toEqual(['b/2.yaml', 'c/3.yaml']);
      expect(textAt('b/2.yaml')).toBe('two\n');
    });
  });

  it('and holds the new text already is fine', () => {
    written(first, (dist) => {
      fill(dist, { 'b/2.yaml': 'new\r\n' });
      expect(writeOutput(second, dist)).toMatchObject({
        edited: [],
        keep: ['a/1.yaml', 'b/2.yaml'],
      });
    });
  });

  it.each([
    ['a word more', 'one: |\r\n  1 more\r\n'],
    ['a CR alone', 'one: |\r  1\r\n'],
    ['a CR more', 'one: |\r\r\n  1\r\n'],
    ['a line more', 'one: |\r\n\r\n  1\r\n'],
    ['no end of the last line', 'one: |\r\n  1'],
  ])('is edited by %s', (_, text) => {
    written(first, (dist) => {
      checkOut(dist);
      fill(dist, { 'a/1.yaml': text });
      expect(compareWithFolder(first, dist).plan.edited).toEqual(['a/1.yaml']);
    });
  });

  it('and what was written with CRLF is as it was', () => {
    const crlf = outputWith({ a: 'one\r\n' });
    written(crlf, (dist) => {
      expect(compareWithFolder(crlf, dist).plan).toMatchObject({ edited: [], keep: ['a'] });
    });
  });

  it('whatever the bytes: a file is edited where more than LF has become CRLF', () => {
    const text = fc.array(fc.constantFrom('a', '\n', '\r', '\r\n', '\xff'), { maxLength: 6 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const [old, now] = [before.join(''), after.join('')];
        written(outputWith({ a: old }), (dist) => {
          writeFileSync(join(dist, 'a'), now);
          const { edited } = compareWithFolder(outputWith({}), dist).plan;
          const isSame = now === old || now.replaceAll('\r\n', '\n') === old;
          expect(edited).toEqual(isSame ? [] : ['a']);
          expect(readFileSync(join(dist, 'a'), 'utf8')).toBe(now);
        });
      }),
    );
  });
});

it.each(examples)(
  'no text of %s has a CR: it could not be told from one that Git has added',
  (name) => {
    const { files } = treeOf(exampleText(name));
    expect(files.filter(({ text }) => text.includes('\r'))).toEqual([]);
  },
);
