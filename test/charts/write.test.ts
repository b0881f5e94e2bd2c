import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readOutputRecord, writeOutput } from '../../charts/write.ts';
import {
  contentOf,
  fill,
  inTemporaryFolder,
  namesIn,
  outputWith,
  picture,
  problemOf,
} from './support/folders.ts';

const first = outputWith({ 'a/1.yaml': 'one', '_iam/x/2.json': 'two' });
const second = outputWith({ 'a/1.yaml': 'new', 'b/3.yaml': 'three' });

/** A folder `dist` in a folder of its own, with the first output in it. */
const written = (work: (dist: string, folder: string) => void): void => {
  inTemporaryFolder((folder) => {
    const dist = join(folder, 'dist');
    writeOutput(first, dist);
    work(dist, folder);
  });
};

const filesIn = (dist: string): Readonly<Record<string, string>> => {
  const { '_rollcall.json': list, ...files } = contentOf(dist);
  expect(list).toBeDefined();
  return files;
};

describe('writeOutput', () => {
  it('brings a folder from one output to the next, and leaves nothing beside it', () => {
    inTemporaryFolder((folder) => {
      const dist = join(folder, 'deep/er/dist');
      writeOutput(first, dist);
      expect(filesIn(dist)).toEqual({ 'a/1.yaml': 'one', '_iam/x/2.json': 'two' });
      const { write, remove, keep } = writeOutput(second, dist);
      expect([write.map(({ path }) => path), remove, keep]).toEqual([
        ['a/1.yaml', 'b/3.yaml'],
        ['_iam/x/2.json'],
        [],
      ]);
      expect(filesIn(dist)).toEqual({ 'a/1.yaml': 'new', 'b/3.yaml': 'three' });
      expect(namesIn(join(folder, 'deep/er'))).toEqual(['dist']);
      expect(namesIn(dist)).toEqual(['_rollcall.json', 'a', 'b']);
    });
  });

  it('makes a folder with the rights that any new folder has, and keeps those it has later', () => {
    written((dist, folder) => {
      mkdirSync(join(folder, 'any'));
      expect(statSync(dist).mode).toBe(statSync(join(folder, 'any')).mode);
      chmodSync(dist, 0o2750);
      chmodSync(join(dist, 'a'), 0o700);
      writeOutput(second, dist);
      expect(statSync(dist).mode & 0o7777).toBe(0o2750);
      expect(statSync(join(dist, 'a')).mode & 0o7777).toBe(0o700);
    });
  });

  it('touches nothing where nothing changes, not even the folder', () => {
    written((dist) => {
      const before = [picture(dist), statSync(dist).ino];
      writeOutput(first, dist);
      expect([picture(dist), statSync(dist).ino]).toEqual(before);
    });
  });

  it('leaves a file of its own as it is where its text is the same', () => {
    written((dist) => {
      utimesSync(join(dist, 'a/1.yaml'), 1, 1);
      writeOutput(outputWith({ 'a/1.yaml': 'one', 'b/3.yaml': 'three' }), dist);
      expect(statSync(join(dist, 'a/1.yaml')).mtimeMs).toBe(1000);
    });
  });

  it('takes an empty folder, and one that a link leads to, even before it is there', () => {
    inTemporaryFolder((folder) => {
      symlinkSync('elsewhere', join(folder, 'dist'));
      writeOutput(first, join(folder, 'dist'));
      writeOutput(second, join(folder, 'dist'));
      expect(lstatSync(join(folder, 'dist')).isSymbolicLink()).toBe(true);
      expect(namesIn(join(folder, 'elsewhere'))).toEqual(['_rollcall.json', 'a', 'b']);
      expect(namesIn(folder)).toEqual(['dist', 'elsewhere']);
      mkdirSync(join(folder, 'empty'));
      writeOutput(first, join(folder, 'empty'));
      expect(filesIn(join(folder, 'empty'))).toHaveProperty(['a/1.yaml']);
    });
  });

  it('turns a file into a folder and back', () => {
    inTemporaryFolder((folder) => {
      const dist = join(folder, 'dist');
      for (const path of ['a', 'a/b', 'a/b/c', 'a']) {
        writeOutput(outputWith({ [path]: path }), dist);
        expect(filesIn(dist)).toEqual({ [path]: path });
      }
    });
  });

  it('refuses a folder in which its caller stands', () => {
    inTemporaryFolder((folder) => {
      const before = process.cwd();
      process.chdir(folder);
      try {
        expect(problemOf(() => writeOutput(first, '.')).code).toBe('cli/output-folder');
      } finally {
        process.chdir(before);
      }
    });
  });
});

describe('files of others', () => {
  const theirs = {
    'notes.md': 'n',
    'a/mine.yaml': 'm',
    '_iam/x/mine': 'x',
    '.git/objects/ab/cd': 'o',
  };

  it('stay at their path, with content, mode, time and links, whatever is written', () => {
    written((dist) => {
      fill(dist, theirs);
      symlinkSync('/nowhere', join(dist, 'b'));
      symlinkSync('notes.md', join(dist, 'a/link'));
      linkSync(join(dist, 'notes.md'), join(dist, 'a/other-name'));
      mkdirSync(join(dist, '.git/refs/tags'), { recursive: true });
      chmodSync(join(dist, '.git/objects/ab/cd'), 0o400);
      chmodSync(join(dist, '.git/objects/ab'), 0o500);
      utimesSync(join(dist, 'notes.md'), 7, 7);
      const others = (): unknown =>
        Object.entries(picture(dist)).filter(([path]) => !/\d\.|_rollcall/.test(path));
      const before = others();
      writeOutput(outputWith({ 'a/1.yaml': 'new', 'c/3.yaml': '' }), dist);
      expect(others()).toEqual(before);
      expect(readFileSync(join(dist, 'a/1.yaml'), 'utf8')).toBe('new');
      writeOutput(outputWith({}), dist);
      expect(others()).toEqual(before);
      expect(namesIn(join(dist, '.git/refs'))).toEqual(['tags']);
      expect(statSync(join(dist, '.git/objects/ab')).mode & 0o7777).toBe(0o500);
      expect(namesIn(dist)).toEqual(['.git', '_iam', '_rollcall.json', 'a', 'b', 'notes.md']);
      chmodSync(join(dist, '.git/objects/ab'), 0o700);
    });
  });

  it.each<readonly [what: string, make: (dist: string) => void, inTheWay: string]>([
    ['a file', (dist) => fill(dist, { 'b/3.yaml': 'theirs' }), 'b/3.yaml'],
    ['a file of the same text', (dist) => fill(dist, { 'b/3.yaml': 'three' }), 'b/3.yaml'],
    ['a file as a folder', (dist) => fill(dist, { b: 'theirs' }), 'b'],
    ['a folder as a file', (dist) => fill(dist, { 'b/3.yaml/x': 'theirs' }), 'b/3.yaml'],
    [
      'an empty folder as a file',
      (dist) => {
        mkdirSync(join(dist, 'b/3.yaml'), { recursive: true });
      },
      'b/3.yaml',
    ],
    [
      'a link',
      (dist) => {
        symlinkSync('/nowhere', join(dist, 'b'));
      },
      'b',
    ],
    [
      'a folder in place of one of ours',
      (dist) => {
        rmSync(join(dist, 'a/1.yaml'));
        fill(dist, { 'a/1.yaml/x': 'theirs' });
      },
      'a/1.yaml',
    ],
    [
      'a link in place of a folder of ours',
      (dist) => {
        rmSync(join(dist, 'a'), { recursive: true });
        symlinkSync('..', join(dist, 'a'));
      },
      'a',
    ],
  ])('%s in the way is an error, and nothing is touched', (_, make, inTheWay) => {
    written((dist, folder) => {
      make(dist);
      const before = picture(dist);
      for (const overwriteEdited of [false, true]) {
        const problem = problemOf(() => writeOutput(second, dist, { overwriteEdited }));
        expect(problem.code).toBe('cli/foreign-files');
        expect(problem.found).toMatch(new RegExp(`: ${inTheWay}$`));
      }
      expect(picture(dist)).toEqual(before);
      expect(namesIn(folder)).toEqual(['dist']);
    });
  });

  it('without a list all files are of others', () => {
    written((dist) => {
      rmSync(join(dist, '_rollcall.json'));
      expect(problemOf(() => writeOutput(first, dist)).code).toBe('cli/foreign-files');
      writeOutput(outputWith({ 'c/1': '' }), dist);
      expect(filesIn(dist)).toEqual({ 'a/1.yaml': 'one', '_iam/x/2.json': 'two', 'c/1': '' });
    });
  });

  it('says the first few of many', () => {
    inTemporaryFolder((folder) => {
      const names = Array.from({ length: 50 }, (_, index) => [`f${index}`, ''] as const);
      const files = Object.fromEntries(names);
      fill(folder, files);
      const { found } = problemOf(() => writeOutput(outputWith(files), folder));
      expect(found.match(/\bf\d+/g)).toHaveLength(5);
      expect(found).toMatch(/, and 45 more$/);
    });
  });
});

it('the output of another fleet is named, and stays as it is', () => {
  written((dist) => {
    const before = picture(dist);
    const problem = problemOf(() => writeOutput({ ...second, fleet: 'other' }, dist));
    expect(problem.code).toBe('cli/other-fleet');
    expect(problem.found).toContain('fleet any');
    expect(picture(dist)).toEqual(before);
  });
});

describe('files that were edited', () => {
  it.each<readonly [what: string, edit: (dist: string) => void, path: string]>([
    ['would be replaced', (dist) => fill(dist, { 'a/1.yaml': 'mine' }), 'a/1.yaml'],
    ['would be removed', (dist) => fill(dist, { '_iam/x/2.json': 'mine' }), '_iam/x/2.json'],
    [
      'are a link by now',
      (dist) => {
        rmSync(join(dist, 'a/1.yaml'));
        symlinkSync('../../outside', join(dist, 'a/1.yaml'));
      },
      'a/1.yaml',
    ],
  ])('and %s are named and survive, unless they are to be overwritten', (_, edit, path) => {
    written((dist, folder) => {
      writeFileSync(join(folder, 'outside'), 'theirs');
      edit(dist);
      const before = picture(dist);
      const problem = problemOf(() => writeOutput(second, dist));
      expect(problem.code).toBe('cli/edited-files');
      expect(problem.found).toMatch(new RegExp(`: ${path}$`));
      expect(problem.next).toContain('--overwrite-edited');
      expect(picture(dist)).toEqual(before);
      expect(writeOutput(second, dist, { overwriteEdited: true }).edited).toEqual([path]);
      expect(filesIn(dist)).toEqual({ 'a/1.yaml': 'new', 'b/3.yaml': 'three' });
      expect(readFileSync(join(folder, 'outside'), 'utf8')).toBe('theirs');
    });
  });

  it('and hold the new text already are fine; what is gone is written again', () => {
    written((dist) => {
      fill(dist, { 'a/1.yaml': 'new' });
      expect(writeOutput(second, dist)).toMatchObject({ edited: [], missing: [] });
      rmSync(join(dist, 'b'), { recursive: true });
      expect(writeOutput(second, dist)).toMatchObject({ edited: [], missing: ['b/3.yaml'] });
      expect(filesIn(dist)).toEqual({ 'a/1.yaml': 'new', 'b/3.yaml': 'three' });
      rmSync(join(dist, 'a/1.yaml'));
      expect(writeOutput(outputWith({}), dist)).toMatchObject({
        missing: [],
        remove: ['b/3.yaml'],
      });
      expect(namesIn(dist)).toEqual(['_rollcall.json']);
      expect(readOutputRecord(dist)?.files.size).toBe(0);
    });
  });
});
