import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request as the API server logs it once it is answered (audit.k8s.io/v1, Event), as far as it is read here. */
export interface AuditEvent {
  readonly verb: string;
  readonly requestURI: string;
  readonly userAgent?: string;
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly apiGroup?: string;
    readonly namespace?: string;
  };
  readonly responseStatus?: { readonly code?: number };
}

/** A watch is logged when the server has noticed that its client is gone. */
const quietMs = 500;

/** What an API server has logged since it was last marked. The log must not be rotated. */
export class AuditLog {
  readonly #path: string;
  #offset = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** What is logged from now on is wanted. */
  mark(): void {
    this.#offset = statSync(this.#path).size;
  }

  /** The requests of one user agent since the mark, once no more of them come. */
  async of(agent: string): Promise<readonly AuditEvent[]> {
    let seen: readonly AuditEvent[] = this.#read(agent);
    for (;;) {
      await sleep(quietMs);
      const now = this.#read(agent);
      if (now.length === seen.length) return now;
      seen = now;
    }
  }

  #read(agent: string): readonly AuditEvent[] {
    const file = openSync(this.#path, 'r');
    try {
      const { size } = fstatSync(file);
      const buffer = Buffer.alloc(Math.max(size - this.#offset, 0));
      readSync(file, buffer, 0, buffer.length, this.#offset);
      const lines = buffer.toString('utf8').split('\n');
      // The last one may not be whole yet.
      return lines
        .slice(0, -1)
        .filter((line) => line.includes(agent))
        .map((line) => JSON.parse(line) as AuditEvent)
        .filter(({ userAgent = '' }) => userAgent.startsWith(agent));
    } finally {
      closeSync(file);
    }
  }
}
