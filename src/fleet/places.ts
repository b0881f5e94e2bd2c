import { LineCounter } from 'yaml';
import type { Fault } from './codes.ts';
import type { Diagnostic, FleetPath } from './diagnostic.ts';

/** What a fault needs to become a diagnostic. */
export interface Spot {
  readonly offset: number;
  readonly path?: FleetPath;
  readonly atKey?: boolean;
}

/** The lines of a text: turns offsets into lines and columns. */
export class Places {
  readonly #text: string;
  readonly #file: string;
  readonly #lines = new LineCounter();

  constructor(text: string, file: string) {
    this.#text = text;
    this.#file = file;
    for (let start = 0; ;) {
      this.#lines.addNewLine(start);
      const end = text.indexOf('\n', start);
      if (end === -1) return;
      start = end + 1;
    }
  }

  diagnostic(
    fault: Omit<Diagnostic, 'path' | 'file' | 'line' | 'column' | 'source'>,
    at: Spot,
  ): Diagnostic {
    const offset = Math.min(Math.max(at.offset, 0), this.#text.length);
    const { line, col } = this.#lines.linePos(offset);
    const { code, found, expected, next } = fault;
    return {
      code,
      path: at.path ?? [],
      ...(at.atKey === undefined ? {} : { atKey: at.atKey }),
      found,
      expected,
      next,
      file: this.#file,
      line,
      column: col,
      source: this.#line(line),
    };
  }

  /** At the first character of the text. */
  first(fault: Fault): Diagnostic {
    return this.diagnostic(fault, { offset: 0 });
  }

  /** After the last character of the text. */
  last(fault: Fault): Diagnostic {
    return this.diagnostic(fault, { offset: this.#text.length });
  }

  #line(line: number): string {
    const start = this.#lines.lineStarts[line - 1] ?? 0;
    const end = this.#text.indexOf('\n', start);
    return this.#text.slice(start, end === -1 ? undefined : end).replace(/\r$/, '');
  }
}
