import { createInterface } from 'node:readline';
import { Interrupted, type Prompt } from './io.ts';

type Answer = string | undefined;

/**
 * Questions on stderr, so that stdout holds results alone. The end of the input is no answer. Lines that
 * are typed or pasted ahead answer the next questions.
 */
export function openPrompt(): Prompt {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ahead: string[] = [];
  let end: 'open' | 'ended' | 'interrupted' = 'open';
  let waiting: PromiseWithResolvers<Answer> | undefined;
  lines.on('line', (line) => {
    if (waiting) waiting.resolve(line);
    else ahead.push(line);
    waiting = undefined;
  });
  // A terminal's readline reads Ctrl-C itself: no signal comes.
  lines.once('SIGINT', () => {
    end = 'interrupted';
    lines.close();
  });
  lines.once('close', () => {
    if (end === 'open') end = 'ended';
    if (!waiting) return;
    process.stderr.write('\n'); // What is said next begins a line of its own.
    if (end === 'ended') waiting.resolve(undefined);
    else waiting.reject(new Interrupted());
  });
  return {
    ask(question) {
      const next = end === 'interrupted' ? undefined : ahead.shift();
      if (next !== undefined) {
        process.stderr.write(`${question}${next}\n`);
        return Promise.resolve(next);
      }
      if (end === 'interrupted') return Promise.reject(new Interrupted());
      if (end === 'ended') return Promise.resolve(undefined);
      waiting = Promise.withResolvers<Answer>();
      lines.setPrompt(question);
      lines.prompt();
      return waiting.promise;
    },
    close: () => {
      lines.close();
    },
  };
}
