/** The lines of one watch: pushed by the server, pulled by whoever reads the answer. */
export class EventStream implements AsyncIterable<unknown> {
  readonly #lines: unknown[] = [];
  readonly #onEnd: () => void;
  #wake: (() => void) | undefined;
  #ended = false;

  /** `onEnd` is called once, when either side ends it. */
  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  push(line: unknown): void {
    if (this.#ended) return;
    this.#lines.push(line);
    this.#wake?.();
  }

  /** What has been pushed is still read; then it ends. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd();
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator {
    try {
      for (;;) {
        while (this.#lines.length > 0) yield this.#lines.shift();
        if (this.#ended) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      this.end();
    }
  }
}
