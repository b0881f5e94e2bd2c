import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { keepFile, nodeDisk, type Disk } from '../../charts/disk.ts';
import type { Output } from '../../charts/output.ts';
import { readOutputRecord, writeOutput } from '../../charts/write.ts';
import { countedDisk } from './support/counted-disk.ts';
import {
  fill,
  inTemporaryFolder,
  namesIn,
  outputWith,
  picture,
  problemOf,
} from './support/folders.ts';

const first = outputWith({ 'a/1.yaml': 'one', 'a/same.yaml': 'same', '_iam/x/2.json': 'two' });
const second = outputWith({ 'a/1.yaml': 'new', 'a/same.yaml': 'same', 'b/3.yaml': 'three' });

/** A folder with an output in which one file was edited, and in which others keep files of theirs. */
function prepare(folder: string): string {
  const dist = join(folder, 'dist');
  writeOutput(first, dist);
  fill(dist, {
    'notes.md': 'n',
    'a/mine.yaml': 'm',
    '.git/objects/ab': 'o',
    '_iam/x/2.json': 'mine',
  });
  symlinkSync('/nowhere', join(dist, '.git/link'));
  mkdirSync(join(dist, '.git/refs'));
  return dist;
}

const writer = fileURLToPath(new URL('support/killed-writer.ts', import.meta.url));

/** In a process of its own, which is killed at the n-th step; the steps, where there were fewer. */
function writeKilled(dist: string, output: Output, n: number): number | 'killed' {
  const { signal, status, stdout, stderr } = spawnSync(
    process.execPath,
    [writer, dist, JSON.stringify(output), String(n)],
    { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } },
  );
  if (signal === 'SIGKILL') return 'killed';
  expect([status, stderr]).toEqual([0, '']);
  return Number(stdout);
}

it('what others wrote while the new tree was made is not swept away with the old one', () => {
  inTemporaryFolder((folder) => {
    const dist = prepare(folder);
    const disk: Disk = {
      ...nodeDisk,
      makeFolder: (path) => {
        nodeDisk.makeFolder(path);
        writeFileSync(join(dist, 'late.md'), 'late');
      },
      rename: (from, to) => {
        nodeDisk.rename(from, to);
        if (from.endsWith('.new')) throw new Error('killed');
      },
    };
    const overwriteEdited = true;
    expect(() => writeOutput(second, dist, { overwriteEdited, disk })).toThrow();
    const { code, found } = problemOf(() => writeOutput(second, dist, { overwriteEdited }));
    expect(code).toBe('cli/output-folder');
    const [beside = ''] = namesIn(folder).filter((name) => name.endsWith('.old'));
    expect(found).toContain(beside);
    expect(readFileSync(join(folder, beside, 'late.md'), 'utf8')).toBe('late');
  });
});

describe('killed at any step of a write', () => {
  it('the folder is the old or the new one, files of others and edited ones are there, nothing is left beside', () => {
    const seen = { old: 0, new: 0, moved: 0 };
    let n = 0;
    for (let isOver = false as boolean; !isOver; n += 1) {
      inTemporaryFolder((folder) => {
        const dist = prepare(folder);
        const before = picture(dist);
        isOver = writeKilled(dist, second, n) !== 'killed';
        // For the moment between two renames the whole old folder has another name.
        if (!existsSync(dist)) seen.moved += 1;
        readOutputRecord(dist);
        const isOld = readFileSync(join(dist, 'a/1.yaml'), 'utf8') === 'one';
        seen[isOld ? 'old' : 'new'] += 1;
        if (isOld) expect(picture(dist)).toEqual(before);
        else expectNew(dist, before);
        writeOutput(second, dist, { overwriteEdited: true });
        expectNew(dist, before);
        expect(namesIn(folder)).toEqual(['dist']);
      });
    }
    expect(seen.old).toBeGreaterThan(15);
    expect(seen.new).toBeGreaterThan(10);
    expect(seen.moved).toBe(1);
  }, 300_000);

  function expectNew(dist: string, before: Readonly<Record<string, unknown>>): void {
    const now = picture(dist);
    for (const path of ['notes.md', 'a/mine.yaml', '.git/objects/ab', '.git/link', 'a/same.yaml']) {
      expect(now[path]).toEqual(before[path]);
    }
    expect(namesIn(join(dist, '.git'))).toEqual(['link', 'objects', 'refs']);
    expect([...(readOutputRecord(dist)?.files.keys() ?? [])]).toEqual([
      'a/1.yaml',
      'a/same.yaml',
      'b/3.yaml',
    ]);
    expect(Object.keys(now)).not.toContain('_iam/x/2.json');
    expect(now).toMatchObject({ 'a/1.yaml': { content: 'new' }, 'b/3.yaml': { content: 'three' } });
  }
});

describe('a step that fails', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });

  it('leaves the old folder as it was, whichever it is, and nothing beside', () => {
    let n = 0;
    for (let isOver = false as boolean; !isOver; n += 1) {
      inTemporaryFolder((folder) => {
        const dist = prepare(folder);
        const before = picture(dist);
        const { disk } = countedDisk(n, () => {
          throw full;
        });
        // What is taken away at the end is not of the folder any more.
        const failing: Disk = { ...disk, remove: nodeDisk.remove };
        const write = () => writeOutput(second, dist, { disk: failing, overwriteEdited: true });
        try {
          write();
          isOver = true;
        } catch {
          expect(picture(dist)).toEqual(before);
        }
        expect(namesIn(folder)).toEqual(['dist']);
      });
    }
    expect(n).toBeGreaterThan(15);
  });

  it('is told as a problem', () => {
    inTemporaryFolder((folder) => {
      const { disk } = countedDisk(2, () => {
        throw full;
      });
      const problem = problemOf(() => writeOutput(first, join(folder, 'dist'), { disk }));
      expect(problem).toMatchObject({ code: 'cli/output-folder', found: full.message });
    });
  });

  it.each(['EPERM', 'ENOTSUP', 'EMLINK'])('as links do by %s is gone round by a copy', (code) => {
    inTemporaryFolder((folder) => {
      const dist = prepare(folder);
      chmodSync(join(dist, 'notes.md'), 0o640);
      utimesSync(join(dist, 'notes.md'), 7, 7);
      const before = picture(dist);
      const disk: Disk = {
        ...nodeDisk,
        keepFile: (from, to) => {
          keepFile(from, to, () => {
            throw Object.assign(new Error(code), { code });
          });
        },
      };
      writeOutput(second, dist, { disk, overwriteEdited: true });
      expect(picture(dist)['notes.md']).toEqual(before['notes.md']);
      expect(readlinkSync(join(dist, '.git/link'))).toBe('/nowhere');
    });
  });

  it('at a mount within the folder says so', () => {
    inTemporaryFolder((folder) => {
      const dist = prepare(folder);
      const before = picture(dist);
      const disk: Disk = {
        ...nodeDisk,
        keepFile: () => {
          throw Object.assign(new Error('EXDEV: cross-device link'), { code: 'EXDEV' });
        },
      };
      const write = () => writeOutput(second, dist, { disk, overwriteEdited: true });
      expect(problemOf(write).found).toContain('mount point');
      expect(picture(dist)).toEqual(before);
    });
  });
});

describe('what others do meanwhile', () => {
  it.each<readonly [what: string, change: (dist: string) => void]>([
    ['a new file', (dist) => fill(dist, { 'late.md': 'late' })],
    ['an edit in place', (dist) => fill(dist, { 'notes.md': 'later' })],
    [
      'an edit by renaming',
      (dist) => {
        writeFileSync(join(dist, '.notes'), 'later');
        renameSync(join(dist, '.notes'), join(dist, 'notes.md'));
      },
    ],
    [
      'a file less',
      (dist) => {
        rmSync(join(dist, 'notes.md'));
      },
    ],
  ])('%s is not lost: the folder stays the old one', (_, change) => {
    inTemporaryFolder((folder) => {
      const dist = prepare(folder);
      let changed: unknown;
      const disk: Disk = {
        ...nodeDisk,
        rename: (from, to) => {
          if (changed === undefined) {
            change(dist);
            changed = picture(dist);
          }
          nodeDisk.rename(from, to);
        },
      };
      const write = () => writeOutput(second, dist, { disk, overwriteEdited: true });
      expect(problemOf(write).next).toMatch(/again/);
      expect(picture(dist)).toEqual(changed);
      expect(namesIn(folder)).toEqual(['dist']);
    });
  });

  const id = '00000000-0000-4000-8000-000000000000';
  /** Nobody’s: Linux gives none so high. */
  const dead = 4_194_305;

  it('a folder that another process is at work on is left to it', () => {
    inTemporaryFolder((folder) => {
      const dist = prepare(folder);
      const before = picture(dist);
      fill(folder, { [`.dist.rollcall-${process.ppid}-${id}.new/x`]: '' });
      expect(problemOf(() => writeOutput(second, dist, { overwriteEdited: true })).found).toContain(
        String(process.ppid),
      );
      expect(picture(dist)).toEqual(before);
      expect(namesIn(folder)).toHaveLength(2);
    });
  });

  it('a folder made in the place of one that was moved away does not cost that one', () => {
    inTemporaryFolder((folder) => {
      const old = `.dist.rollcall-${dead}-${id}.old`;
      fill(folder, { [`${old}/mine`]: '', [`.dist.rollcall-${dead}-${id}.new/x`]: '' });
      mkdirSync(join(folder, 'dist'));
      expect(problemOf(() => writeOutput(first, join(folder, 'dist'))).found).toContain(old);
      expect(namesIn(folder)).toHaveLength(3);
    });
  });

  it('names that are only like those of leftovers are somebody’s', () => {
    inTemporaryFolder((folder) => {
      const names = [
        '.dist.old',
        `.dist.rollcall-${dead}-${id}.bak`,
        `.dist2.rollcall-${dead}-${id}.old`,
      ];
      for (const name of names) fill(folder, { [`${name}/x`]: '' });
      writeOutput(first, join(folder, 'dist'));
      expect(namesIn(folder)).toEqual([...names, 'dist'].sort());
    });
  });
});
