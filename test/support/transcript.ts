import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { textOf, type Page } from '../docs/markdown.ts';

/** What a document has its reader type, and what it shows of the answer. */
export interface Step {
  /** A block of shell code. */
  readonly command: string;
  /** Shortened by `…`: at the end of a line, or for whole lines. Absent: nothing is shown. */
  readonly output?: string;
}

/** The shell code under a heading up to the next one; a block of text right after is its output. */
export function stepsUnder({ nodes }: Page, title: string): readonly Step[] {
  const at = nodes.findIndex((node) => node.type === 'heading' && textOf(node) === title);
  const after = nodes.slice(at + 1);
  const end = after.findIndex(({ type }) => type === 'heading');
  const parts = after.slice(0, end).filter(({ type }) => type === 'code' || type === 'paragraph');
  return parts.flatMap(({ lang, value = '' }, index) => {
    if (lang !== 'sh') return [];
    const next = parts[index + 1];
    return [{ command: value, ...(next?.lang === 'text' && { output: next.value ?? '' }) }];
  });
}

/** What an output that is shown like this may be: `…` is any text on a line, alone any lines. */
export function patternOf(shown: string): RegExp {
  const lines = shown.split('\n').map((line) => {
    if (line.trim() === '…') return '(?:.*\\n)*?';
    return `${line.split('…').map(escaped).join('.*')}\\n`;
  });
  return new RegExp(`^${lines.join('')}$`);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export interface ShellOptions {
  /** Where commands are run. */
  readonly folder: string;
  /** Programs by name, besides `rollcall` and the machine's own. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A shell as the document's reader has it. */
export class Shell {
  readonly #options: ShellOptions;
  readonly #bin: string;
  readonly #running = new Set<ChildProcess>();

  constructor(options: ShellOptions) {
    this.#options = options;
    this.#bin = join(options.folder, '.bin');
    mkdirSync(this.#bin, { recursive: true });
    const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
    this.#put('rollcall', process.execPath, main);
    for (const [name, path] of Object.entries(options.programs ?? {})) this.#put(name, path);
  }

  #put(name: string, ...words: readonly string[]): void {
    const line = words.map((word) => `"${word}"`).join(' ');
    writeFileSync(join(this.#bin, name), `#!/bin/sh\nexec ${line} "$@"\n`, { mode: 0o755 });
  }

  /** Stdout and stderr of a command, as a terminal shows them. Throws with both when it fails. */
  async run(command: string): Promise<string> {
    const { folder, environment } = this.#options;
    const PATH = [this.#bin, '/usr/bin', '/bin'].join(delimiter);
    const child = spawn('/bin/sh', ['-c', `exec 2>&1; set -e\n${command}`], {
      cwd: folder,
      env: { PATH, HOME: folder, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
      // With a process group of its own, so that what it has started can be ended with it.
      detached: true,
    });
    this.#running.add(child);
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [code] = (await once(child, 'close')) as [number | null];
    this.#running.delete(child);
    if (code !== 0) throw new Error(`${command}\nexit ${code ?? 'by a signal'}\n${said}`);
    return said;
  }

  /** Ends what still runs. */
  close(): void {
    for (const { pid } of this.#running) if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  }
}
