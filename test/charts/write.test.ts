import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { UserError, type UserProblem } from '../../charts/user-error.ts';
import { readOutput, writeOutput } from '../../charts/write.ts';
import { contentOf, inTemporaryFolder, namesIn } from './support/folders.ts';

const file = (path: string, text = path) => ({ path, text });
const first = [file('a/1.yaml'), file('_iam/x/2.json')];
const second = [file('a/1.yaml', 'new'), file('b/3.yaml')];
const listed = (...paths: readonly string[]) => JSON.stringify({ files: paths });

/** What is wrong; anything but a UserError fails the test. */
function problemOf(work: () => unknown): UserProblem {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error.problem;
    throw error;
  }
  throw new Error('nothing is wrong');
}

describe('writeOutput', () => {
  it('replaces an earlier output as a whole, and leaves nothing beside it', () => {
    inTemporaryFolder((folder) => {
      const dist = join(folder, 'deep/er/dist');
      writeOutput(first, dist);
      expect(readOutput(dist).toSorted((a, b) => (a.path < b.path ? 1 : -1))).toEqual(first);
      writeOutput(second, dist);
      const { '_rollcall.json': list = '', ...rest } = contentOf(dist);
      expect(rest).toEqual({ 'a/1.yaml': 'new', 'b/3.yaml': 'b/3.yaml' });
      expect(JSON.parse(list)).toEqual({ files: ['a/1.yaml', 'b/3.yaml'] });
      expect(namesIn(join(folder, 'deep/er'))).toEqual(['dist']);
      expect(namesIn(dist)).toEqual(['_rollcall.json', 'a', 'b']);
    });
  });

  it('makes a folder with the rights that any new folder has', () => {
    inTemporaryFolder((folder) => {
      mkdirSync(join(folder, 'any'));
      writeOutput(first, join(folder, 'dist'));
      expect(statSync(join(folder, 'dist')).mode).toBe(statSync(join(folder, 'any')).mode);
    });
  });

  it('takes an empty folder, and one that a link leads to', () => {
    inTemporaryFolder((folder) => {
      mkdirSync(join(folder, 'elsewhere'));
      symlinkSync('elsewhere', join(folder, 'dist'));
      writeOutput(first, join(folder, 'dist'));
      writeOutput(second, join(folder, 'dist'));
      expect(lstatSync(join(folder, 'dist')).isSymbolicLink()).toBe(true);
      expect(namesIn(join(folder, 'elsewhere'))).toEqual(['_rollcall.json', 'a', 'b']);
      expect(namesIn(folder)).toEqual(['dist', 'elsewhere']);
    });
  });

  it('refuses an empty folder in which its caller stands', () => {
    inTemporaryFolder((folder) => {
      const before = process.cwd();
      process.chdir(folder);
      try {
        expect(
          problemOf(() => {
            writeOutput(first, '.');
          }).code,
        ).toBe('cli/output-folder');
      } finally {
        process.chdir(before);
      }
    });
  });

  it('leaves the old output as it was when writing fails half way', () => {
    inTemporaryFolder((folder) => {
      const dist = join(folder, 'dist');
      writeOutput(first, dist);
      const before = contentOf(dist);
      const failing = [file('b/3.yaml'), file('b/3.yaml/below')];
      expect(
        problemOf(() => {
          writeOutput(failing, dist);
        }),
      ).toMatchObject({ code: 'cli/output-folder' });
      expect(contentOf(dist)).toEqual(before);
      expect(namesIn(folder)).toEqual(['dist']);
    });
  });

  it('is not harmed by what a crash left behind', () => {
    inTemporaryFolder((folder) => {
      for (const name of ['.dist-1', '.dist-1.old']) {
        mkdirSync(join(folder, name));
        writeFileSync(join(folder, name, 'x'), '');
      }
      writeOutput(first, join(folder, 'dist'));
      writeOutput(second, join(folder, 'dist'));
      expect(namesIn(folder)).toEqual(['.dist-1', '.dist-1.old', 'dist']);
      expect(readOutput(join(folder, 'dist'))).toHaveLength(2);
    });
  });

  it.each([
    ['files and no list', { 'values.yaml': 'x' }, 'values.yaml'],
    [
      'one file more',
      { '_rollcall.json': listed('a/1.yaml'), 'a/1.yaml': '', 'a/mine': '' },
      'a/mine',
    ],
    [
      'a listed folder with a file in it',
      { '_rollcall.json': listed('a'), 'a/mine': '' },
      'a/mine',
    ],
  ])('refuses a folder with %s, and touches nothing', (_, files, foreign) => {
    inTemporaryFolder((folder) => {
      const dist = fill(join(folder, 'dist'), files);
      const problem = problemOf(() => {
        writeOutput(second, dist);
      });
      expect(problem.code).toBe('cli/foreign-files');
      expect(problem.found).toMatch(new RegExp(`: ${foreign}$`));
      expect(contentOf(dist)).toEqual(files);
      expect(namesIn(folder)).toEqual(['dist']);
    });
  });

  it('refuses a link among its files: what it leads to is not ours', () => {
    inTemporaryFolder((folder) => {
      const outside = fill(join(folder, 'outside'), { '1.yaml': 'theirs' });
      const dist = fill(join(folder, 'dist'), { '_rollcall.json': listed('a/1.yaml') });
      symlinkSync(outside, join(dist, 'a'));
      expect(readOutput(dist)).toEqual([]);
      expect(
        problemOf(() => {
          writeOutput(first, dist);
        }).code,
      ).toBe('cli/foreign-files');
      expect(contentOf(outside)).toEqual({ '1.yaml': 'theirs' });
    });
  });

  it('reads no file through a link, and replaces the link alone', () => {
    inTemporaryFolder((folder) => {
      const outside = fill(join(folder, 'outside'), { secret: 'theirs' });
      const dist = fill(join(folder, 'dist'), { '_rollcall.json': listed('secret') });
      symlinkSync(join(outside, 'secret'), join(dist, 'secret'));
      expect(readOutput(dist)).toEqual([]);
      writeOutput([file('secret', 'ours')], dist);
      expect(contentOf(outside)).toEqual({ secret: 'theirs' });
      expect(readOutput(dist)).toEqual([file('secret', 'ours')]);
    });
  });

  it('says the first few of many foreign files, without reading all', () => {
    inTemporaryFolder((folder) => {
      const names = Array.from({ length: 50 }, (_, index) => [`f${index}`, ''] as const);
      fill(folder, Object.fromEntries(names));
      const { found } = problemOf(() => {
        writeOutput(first, folder);
      });
      expect(found.match(/\bf\d+/g)).toHaveLength(5);
    });
  });
});

describe('a list that is not ours neither reads nor deletes outside', () => {
  it.each([
    'not JSON',
    '',
    'null',
    '[]',
    '{"files": "a"}',
    '{"files": [1]}',
    '{"files": null}',
    '{"files": [], "more": 1}',
    listed('../outside/secret'),
    listed('a/../../outside/secret'),
    listed('..'),
    listed('.'),
    listed(''),
    listed('/etc/passwd'),
    listed('..\\outside\\secret'),
  ])('%s', (list) => {
    inTemporaryFolder((folder) => {
      const outside = fill(join(folder, 'outside'), { secret: 'theirs' });
      const dist = fill(join(folder, 'dist'), { '_rollcall.json': list });
      for (const work of [
        () => readOutput(dist),
        () => {
          writeOutput(first, dist);
        },
      ]) {
        const problem = problemOf(work);
        expect(problem.code).toBe('cli/output-list');
        expect(problem.found).toContain('_rollcall.json');
      }
      expect(contentOf(outside)).toEqual({ secret: 'theirs' });
      expect(contentOf(dist)).toEqual({ '_rollcall.json': list });
    });
  });

  it('what is listed and gone, or a folder by now, is left out', () => {
    inTemporaryFolder((folder) => {
      const dist = fill(folder, { '_rollcall.json': listed('a', 'b', 'c'), c: 'text' });
      mkdirSync(join(dist, 'a'));
      expect(readOutput(dist)).toEqual([file('c', 'text')]);
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
    // Where there is one: Node's own way to make folders never comes back from there.
    ['a file system without folders of ours', () => '/proc/rollcall/dist'],
  ];
  it.each(places)('%s', (_, place) => {
    inTemporaryFolder((folder) => {
      fill(folder, { file: 'text' });
      symlinkSync('loop', join(folder, 'loop'));
      const problem = problemOf(() => {
        writeOutput(first, place(folder));
      });
      expect(problem.code).toBe('cli/output-folder');
      expect(problem.found && problem.expected && problem.next).toBeTruthy();
      expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('text');
      expect(namesIn(folder)).toEqual(['file', 'loop']);
    });
  });

  it('a list that is a folder', () => {
    inTemporaryFolder((folder) => {
      mkdirSync(join(folder, '_rollcall.json'));
      expect(problemOf(() => readOutput(folder)).code).toBe('cli/output-folder');
      expect(existsSync(join(folder, '_rollcall.json'))).toBe(true);
    });
  });
});

function fill(folder: string, files: Readonly<Record<string, string>>): string {
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
