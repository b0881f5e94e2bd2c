import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface MeasureOptions {
  /** POSIX shell. It runs each program that is measured as `measured PROGRAM ARGS`, one at a time. */
  readonly script: string;
  /** `$1` and so on of the script. */
  readonly args: readonly string[];
  /** Beside PATH. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where `stdout` and `stderr` of all of it go; made if need be. */
  readonly folder: string;
}

export interface Measured {
  readonly code: number;
  /** From the start of the shell to the end of its last program. Milliseconds, monotonic. */
  readonly wallMs: number;
  /** User and system time of the shell's children and theirs, as the kernel has summed it up. Milliseconds. */
  readonly cpuMs: number;
  /** Of the largest program: the kernel's high-water mark of its resident memory. Bytes. */
  readonly peakBytes: number;
  /** Programs that were run as `measured`. */
  readonly programs: number;
}

/**
 * The shell says on file descriptor 3 which process is measured, and in the end its own and its
 * children's times (POSIX `times`). So a program is measured from outside, by any kernel's own counts.
 */
const shell = (script: string): string => `
measured() { "$@" 3>&- & echo "$!" >&3; wait "$!"; }
main() { ${script}
}
main "$@"
code=$?
times >&3
exit $code
`;

/** How often the high-water mark is read: what a program grows by after the last look is not seen. */
const lookEveryMs = 10;

/** Runs a shell script and measures the programs that it names. */
export async function measure(options: MeasureOptions): Promise<Measured> {
  const { script, args, environment, folder } = options;
  mkdirSync(folder, { recursive: true });
  const [stdout, stderr] = ['stdout', 'stderr'].map((name) => openSync(join(folder, name), 'w'));
  const { PATH = '' } = process.env;
  let current = '';
  let programs = 0;
  let peakBytes = 0;
  const look = (): void => {
    if (current !== '') peakBytes = Math.max(peakBytes, highWaterMark(current));
  };
  const started = performance.now();
  const child = spawn('sh', ['-c', shell(script), 'sh', ...args], {
    env: { PATH, ...environment },
    stdio: ['ignore', stdout, stderr, 'pipe'],
  });
  for (const file of [stdout, stderr]) if (file !== undefined) closeSync(file);
  const ticker = setInterval(look, lookEveryMs);
  const times: string[] = [];
  createInterface({ input: child.stdio[3] as Readable }).on('line', (line) => {
    if (!/^\d+$/.test(line)) {
      times.push(line);
      return;
    }
    current = line;
    programs += 1;
    look();
  });
  try {
    const exited = new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => {
        resolve(performance.now());
      });
    });
    const closed = new Promise((resolve) => child.once('close', resolve));
    const wallMs = (await exited) - started;
    await closed;
    return { code: child.exitCode ?? -1, wallMs, cpuMs: cpuOf(times[1]), peakBytes, programs };
  } finally {
    clearInterval(ticker);
  }
}

/** 0 for a process that is gone. */
function highWaterMark(pid: string): number {
  try {
    const [, kilobytes] =
      /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** `1m2.34s 0m0.50s`: user and system. */
export function cpuOf(line: string | undefined): number {
  const parts = [...(line ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  if (parts.length !== 2) throw new Error(`the shell's times can't be read: ${line ?? 'none'}`);
  return parts.reduce(
    (sum, [, minutes, seconds]) => sum + (Number(minutes) * 60 + Number(seconds)) * 1000,
    0,
  );
}
