import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Where a program is built, beside its place: the process id tells later ones whose it was. */
export const besideOf = (folder: string): string => `${folder}.${process.pid}`;

/** Removes what interrupted builds have left in the cache, never what another one works on now. */
export function removeLeftovers(cache: string): void {
  if (!existsSync(cache)) return;
  for (const name of readdirSync(cache)) {
    const pid = /-[0-9a-f]{12}\.(\d+)$/.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid)))
      rmSync(join(cache, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: somebody else's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
