#!/usr/bin/env node
import { formatProblem } from '../../charts/user-error.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { runCli } from './program.ts';
import { openPrompt } from './prompt.ts';

// A terminal that is closed sends SIGHUP.
const interrupts = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A second signal ends the process at once, as soon as what waits has had its turn to clean up. */
const untilInterrupted = (): Promise<void> =>
  new Promise((resolve) => {
    const onSignal = (): void => {
      resolve();
      setImmediate(() => {
        for (const signal of interrupts) process.off(signal, onSignal);
      });
    };
    for (const signal of interrupts) process.on(signal, onSignal);
  });

const io: CliIo = {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  env: process.env,
  stdoutIsTerminal: process.stdout.isTTY,
  stderrIsTerminal: process.stderr.isTTY,
  now: () => Date.now(),
  untilInterrupted,
  ...(process.stdin.isTTY && process.stderr.isTTY && { openPrompt }),
};

// A reader that has seen enough (`| head`) is no failure; a full disk is.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  const problem = {
    code: 'cli/stdout',
    found: error.message,
    expected: 'a standard output that can be written',
    next: 'Send the output elsewhere.',
  } as const;
  io.stderr(formatProblem(problem));
  process.exitCode = exitCodes.error;
});
process.stderr.on('error', () => {
  // There is nowhere left to say anything; the exit code still speaks.
});

const code = await runCli(process.argv.slice(2), io);
process.exitCode ||= code;
