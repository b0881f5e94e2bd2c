import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { atMost } from '../../src/cli/import/at-most.ts';
import { writeFleet } from '../../src/cli/write-fleet.ts';
import { inTemporaryFolder } from '../charts/support/folders.ts';

describe('writing a fleet file', () => {
  it('replaces it by the way of a link, and keeps its mode', () => {
    inTemporaryFolder((folder) => {
      const [file, link] = [join(folder, 'real.yaml'), join(folder, 'link.yaml')];
      writeFileSync(file, 'before');
      chmodSync(file, 0o640);
      symlinkSync(file, link);
      expect(writeFleet(link, 'after', 'before')).toBe('written');
      expect(readFileSync(file, 'utf8')).toBe('after');
      expect(statSync(file).mode & 0o777).toBe(0o640);
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
      expect(readdirSync(folder).sort()).toEqual(['link.yaml', 'real.yaml']);
    });
  });

  it('leaves alone what somebody has written meanwhile', () => {
    inTemporaryFolder((folder) => {
      const file = join(folder, 'fleet.yaml');
      expect(writeFleet(file, 'new')).toBe('written');
      expect(writeFleet(file, 'again')).toBe('exists');
      expect(writeFleet(file, 'again', 'other')).toBe('changed');
      expect(readFileSync(file, 'utf8')).toBe('new');
      expect(existsSync(file)).toBe(true);
      expect(readdirSync(folder)).toEqual(['fleet.yaml']);
    });
  });
});

describe('writing a fleet file where there are no hard links', () => {
  const refuse = (code: string) => () => {
    throw Object.assign(new Error(code), { code });
  };

  it.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV'])(
    'writes a new one, and none over another: %s',
    (code) => {
      inTemporaryFolder((folder) => {
        const file = join(folder, 'fleet.yaml');
        expect(writeFleet(file, 'new', undefined, refuse(code))).toBe('written');
        expect(writeFleet(file, 'again', undefined, refuse(code))).toBe('exists');
        expect(readFileSync(file, 'utf8')).toBe('new');
        expect(readdirSync(folder)).toEqual(['fleet.yaml']);
      });
    },
  );

  it('tells of every other failure', () => {
    inTemporaryFolder((folder) => {
      const write = () => writeFleet(join(folder, 'x'), 'new', undefined, refuse('ENOSPC'));
      expect(write).toThrow('ENOSPC');
      expect(readdirSync(folder)).toEqual([]);
    });
  });
});

it('at most so many are at work at once, and a failure makes room', async () => {
  const run = atMost(3);
  let [working, most] = [0, 0];
  const work = async (index: number): Promise<number> => {
    most = Math.max(most, ++working);
    await new Promise((resolve) => setImmediate(resolve));
    working--;
    if (index % 4 === 0) throw new Error('no');
    return index;
  };
  const all = Array.from({ length: 20 }, (_, index) => run(() => work(index)));
  const settled = await Promise.allSettled(all);
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(15);
  expect(most).toBe(3);
});
