/** What has happened in one seed: a hash of it always, the lines themselves where they are asked for. */
export class History {
  readonly #kept: string[] | undefined;
  #a = 0x811c9dc5 | 0;
  #b = 0x1b873593 | 0;

  constructor(keeps: boolean) {
    this.#kept = keeps ? [] : undefined;
  }

  /** @param time virtual milliseconds */
  add(time: number, who: string, what: string): void {
    const line = `${time} ${who} ${what}`;
    for (let index = 0; index < line.length; index += 1) {
      const code = line.charCodeAt(index);
      this.#a = Math.imul(this.#a ^ code, 0x01000193);
      this.#b = Math.imul(this.#b ^ code, 0x5bd1e995) + 1;
    }
    this.#kept?.push(`${(time / 1000).toFixed(3).padStart(10)}  ${who.padEnd(10)} ${what}`);
  }

  get hash(): string {
    return [this.#a, this.#b].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
  }

  get lines(): readonly string[] {
    return this.#kept ?? [];
  }
}
