import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface DaemonOptions {
  readonly program: string;
  readonly args: readonly string[];
  /** Where its output goes; the folder is made. */
  readonly logFile: string;
  /** Beside PATH and HOME. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/**
 * Runs the program and ends it when this shell's own input ends: so it never outlives the test
 * process, whatever that one dies of.
 */
const guarded = `
"$@" </dev/null &
child=$!
{ cat >/dev/null; kill -KILL $child; } 2>/dev/null <&3 3<&- &
exec 3<&-
wait $child
`;

/** A real program in the background. */
export class Daemon {
  readonly ended: Promise<void>;
  readonly #options: DaemonOptions;
  readonly #child: ChildProcess;
  #running = true;

  constructor(options: DaemonOptions) {
    this.#options = options;
    const { program, args, logFile, environment, cwd } = options;
    mkdirSync(dirname(logFile), { recursive: true });
    const log = openSync(logFile, 'a');
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn('sh', ['-c', `exec 3<&0\n${guarded}`, 'sh', program, ...args], {
      detached: true,
      stdio: ['pipe', log, log],
      env: { PATH, HOME, ...environment },
      ...(cwd === undefined ? {} : { cwd }),
    });
    closeSync(log);
    this.#child = child;
    child.stdin?.on('error', () => undefined);
    // A test run that ends must not wait for it.
    child.unref();
    (child.stdin as unknown as { unref?: () => void }).unref?.();
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.#running = false;
        resolve();
      };
      child.once('error', end);
      child.once('exit', end);
    });
  }

  get running(): boolean {
    return this.#running;
  }

  /** Why it is not running, with the end of its log. */
  failure(): string {
    return `${this.#options.program} has ended:\n${this.log().slice(-3000)}`;
  }

  log(): string {
    return readFileSync(this.#options.logFile, 'utf8');
  }

  /** Kills it and whatever it started, and waits. */
  async stop(signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): Promise<void> {
    this.#child.ref();
    this.signal(signal);
    await this.ended;
    this.signal('SIGKILL');
  }

  /** To the program and its group. */
  signal(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // Gone already.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
