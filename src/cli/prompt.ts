import { createInterface } from 'node:readline/promises';
import type { Prompt } from './io.ts';

/** Questions on stderr, so that stdout holds results alone. The end of the input is no answer. */
export function openPrompt(): Prompt {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<undefined>((resolve) => {
    lines.once('close', () => {
      resolve(undefined);
    });
  });
  return {
    ask: (question) => Promise.race([lines.question(question), ended]),
    close: () => {
      lines.close();
    },
  };
}
