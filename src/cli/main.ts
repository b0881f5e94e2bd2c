#!/usr/bin/env node
import { formatProblem } from '../../charts/user-error.ts';
import { exitCodes } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { runCli } from './program.ts';

const io: CliIo = {
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  env: process.env,
  stdoutIsTerminal: process.stdout.isTTY,
  stderrIsTerminal: process.stderr.isTTY,
  now: () => Date.now(),
  untilInterrupted: () =>
    new Promise((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const)
        process.once(signal, () => {
          resolve();
        });
    }),
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
