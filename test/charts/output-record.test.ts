import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { digestOf } from '../../charts/digest.ts';
import { compareWithFolder, readOutputRecord, writeOutput } from '../../charts/write.ts';
import { examples, exampleText, treeOf } from './support/examples.ts';
import {
  contentOf,
  fill,
  inTemporaryFolder,
  namesIn,
  outputWith,
  problemOf,
} from './support/folders.ts';

const one = outputWith({ 'a/1.yaml': 'one' });

it.each(examples)('what %s means is read back as it was written', (name) => {
  inTemporaryFolder((folder) => {
    const tree = treeOf(exampleText(name));
    writeOutput(tree, folder);
    const { files, ...rest } = readOutputRecord(folder) ?? { files: new Map() };
    const { files: written, ...meaning } = tree;
    expect(rest).toEqual(meaning);
    expect([...files]).toEqual(written.map(({ path, text }) => [path, digestOf(text)]));
  });
});

it('of no folder, and of one without a list, there is none', () => {
  inTemporaryFolder((folder) => {
    expect(readOutputRecord(join(folder, 'absent'))).toBeUndefined();
    expect(readOutputRecord(folder)).toBeUndefined();
  });
});

const listed = (more: object) =>
  JSON.stringify({
    ...{
      version: 1,
      fleet: 'any',
      format: 'manifests',
      files: {},
      units: {},
      applied: [],
      access: {},
    },
    ...more,
  });
const path = (text: string) => listed({ files: { [text]: '0'.repeat(64) } });

describe('a list that is not ours neither reads nor deletes outside', () => {
  it.each([
    'not JSON',
    '',
    'null',
    '[]',
    '{"files": ["a"]}',
    listed({ version: 2 }),
    listed({ format: 'xml' }),
    listed({ more: 1 }),
    listed({ files: { a: 'no digest' } }),
    listed({ units: { ci: { 'Role x': 1 } } }),
    listed({ access: [] }),
    path('../outside/secret'),
    path('a/../../outside/secret'),
    path('..'),
    path('.'),
    path(''),
    path('a/'),
    path('/etc/passwd'),
    path('..\\outside\\secret'),
    path('_rollcall.json'),
  ])('%s', (list) => {
    inTemporaryFolder((folder) => {
      const outside = fill(join(folder, 'outside'), { secret: 'theirs' });
      const dist = fill(join(folder, 'dist'), { '_rollcall.json': list });
      for (const work of [
        () => readOutputRecord(dist),
        () => compareWithFolder(one, dist),
        () => writeOutput(one, dist, { overwriteEdited: true }),
      ]) {
        const problem = problemOf(work);
        expect(problem.code).toBe('cli/output-list');
        expect(problem.found).toContain('_rollcall.json');
      }
      expect(contentOf(outside)).toEqual({ secret: 'theirs' });
      expect(contentOf(dist)).toEqual({ '_rollcall.json': list });
    });
  });

  it('a well-formed one reads nothing through a link', () => {
    inTemporaryFolder((folder) => {
      const outside = fill(join(folder, 'outside'), { secret: 'theirs' });
      const dist = fill(join(folder, 'dist'), { '_rollcall.json': path('a/secret') });
      symlinkSync(outside, join(dist, 'a'));
      const { plan, textAt } = compareWithFolder(outputWith({ 'a/secret': 'x' }), dist);
      expect(textAt('a/secret')).toBeUndefined();
      expect(plan).toMatchObject({ inTheWay: ['a'], missing: ['a/secret'] });
      writeOutput(outputWith({ b: '' }), dist);
      expect(contentOf(outside)).toEqual({ secret: 'theirs' });
    });
  });
});

describe('a place that can’t be used is a problem, not a stack trace', () => {
  const places: readonly [name: string, place: (folder: string) => string][] = [
    ['a file', (folder) => join(folder, 'file')],
    ['below a file', (folder) => join(folder, 'file/dist')],
    ['a name that is too long', (folder) => join(folder, 'x'.repeat(300))],
    ['a link to itself', (folder) => join(folder, 'loop')],
    ['a name with a null character', (folder) => join(folder, 'a\0b')],
    ['no name', () => ''],
    ['the root of all', () => '/'],
    // Where there is one: Node's own way to make folders never comes back from there.
    ['a file system without folders of ours', () => '/proc/rollcall/dist'],
    ['a mount point', () => '/proc'],
  ];
  it.each(places)('%s', (_, place) => {
    inTemporaryFolder((folder) => {
      fill(folder, { file: 'text' });
      symlinkSync('loop', join(folder, 'loop'));
      const problem = problemOf(() => writeOutput(one, place(folder)));
      expect(problem.code).toBe('cli/output-folder');
      expect(problem.found && problem.expected && problem.next).toBeTruthy();
      expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('text');
      expect(namesIn(folder)).toEqual(['file', 'loop']);
    });
  });

  it('a list that is a folder', () => {
    inTemporaryFolder((folder) => {
      mkdirSync(join(folder, '_rollcall.json'));
      expect(problemOf(() => readOutputRecord(folder)).code).toBe('cli/output-folder');
      expect(existsSync(join(folder, '_rollcall.json'))).toBe(true);
    });
  });
});
