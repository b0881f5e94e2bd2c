import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface DaemonOptions {
  readonly program: string;
  readonly args: readonly string[];
  /** Where its output goes; the folder is made. */
  readonly logFile: string;
  /** Beside PATH, and HOME, which is the folder of `logFile`: nothing of the user's is read or written. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/**
 * Becomes the program, after leaving a guard behind that kills it when the guard's input ends: so the
 * program never outlives the test process, whatever that one dies of.
 */
const guarded = `
exec 3<&0
{ cat >/dev/null; kill -KILL $$; } 2>/dev/null <&3 3<&- &
exec 3<&- "$@" </dev/null
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
    const { PATH = '' } = process.env;
    const child = spawn('sh', ['-c', guarded, 'sh', program, ...args], {
      detached: true,
      stdio: ['pipe', log, log],
      env: { PATH, HOME: dirname(logFile), ...environment },
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

  /** Kills it, its guard and whatever it started, and waits. */
  async stop(): Promise<void> {
    this.#child.ref();
    this.#send('SIGKILL', 'group');
    await this.ended;
    this.#send('SIGKILL', 'group');
  }

  /** To the program alone: a guard that is frozen with it would let it outlive us. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#send(signal, 'program');
  }

  #send(signal: NodeJS.Signals, to: 'program' | 'group'): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(to === 'group' ? -pid : pid, signal);
    } catch (error) {
      // Gone already.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
