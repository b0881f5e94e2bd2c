import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { nodeDisk, type Disk } from '../../../charts/disk.ts';

/**
 * The file system, with `at` called at its n-th step in place of the step itself. Taking a tree away
 * counts a step for each file: it is what takes longest.
 */
export function countedDisk(n: number, at: () => void): { disk: Disk; steps: () => number } {
  let steps = 0;
  const step = (work: () => void): void => {
    steps += 1;
    if (steps === n + 1) at();
    work();
  };
  const remove = (path: string): void => {
    if (!existsSync(path)) return;
    if (lstatSync(path).isDirectory())
      for (const name of readdirSync(path)) remove(join(path, name));
    step(() => {
      rmSync(path, { recursive: true });
    });
  };
  const disk: Disk = {
    makeFolder: (path) => {
      step(() => {
        nodeDisk.makeFolder(path);
      });
    },
    writeFile: (path, text) => {
      step(() => {
        nodeDisk.writeFile(path, text);
      });
    },
    keepFile: (from, to) => {
      step(() => {
        nodeDisk.keepFile(from, to);
      });
    },
    likeFolder: (path, stats) => {
      step(() => {
        nodeDisk.likeFolder(path, stats);
      });
    },
    rename: (from, to) => {
      step(() => {
        nodeDisk.rename(from, to);
      });
    },
    remove,
  };
  return { disk, steps: () => steps };
}
