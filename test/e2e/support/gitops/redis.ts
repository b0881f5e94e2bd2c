import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * As much of Redis as Argo CD keeps its cache in: texts by keys, in memory, until it is closed
 * (redis.io, "RESP protocol specification"). Nothing expires: no test lives as long.
 */
export class Redis {
  readonly #values = new Map<string, Buffer>();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
      let rest: Buffer = Buffer.alloc(0);
      socket.on('data', (bytes) => {
        rest = Buffer.concat([rest, bytes]);
        for (let next = readCommand(rest); next; next = readCommand(rest)) {
          rest = rest.subarray(next.length);
          socket.write(this.#answer(next.words));
        }
      });
    });
  }

  static async start(): Promise<Redis> {
    const redis = new Redis();
    await new Promise<void>((resolve) => redis.#server.listen(0, '127.0.0.1', resolve));
    redis.#server.unref();
    return redis;
  }

  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer([name, key, ...more]: readonly Buffer[]): string | Buffer {
    const at = String(key);
    switch (String(name).toLowerCase()) {
      case 'ping':
        return '+PONG\r\n';
      case 'set': {
        const onlyNew = more.some((word) => String(word).toLowerCase() === 'nx');
        if (onlyNew && this.#values.has(at)) return nothing;
        this.#values.set(at, more[0] ?? Buffer.alloc(0));
        return '+OK\r\n';
      }
      case 'get': {
        const value = this.#values.get(at);
        if (!value) return nothing;
        return Buffer.concat([Buffer.from(`$${value.length}\r\n`), value, Buffer.from('\r\n')]);
      }
      case 'del':
        return `:${this.#values.delete(at) ? 1 : 0}\r\n`;
      case 'rename': {
        const value = this.#values.get(at);
        if (!value) return '-ERR no such key\r\n';
        this.#values.delete(at);
        this.#values.set(String(more[0]), value);
        return '+OK\r\n';
      }
      case 'publish':
        return ':0\r\n';
      case 'subscribe':
        return `*3\r\n$9\r\nsubscribe\r\n$${at.length}\r\n${at}\r\n:1\r\n`;
      default:
        return `-ERR unknown command '${String(name)}'\r\n`;
    }
  }
}

const nothing = '$-1\r\n';

interface Command {
  readonly words: readonly Buffer[];
  /** Of its bytes. */
  readonly length: number;
}

/** The first command in these bytes, if it is there whole: an array of texts. */
function readCommand(bytes: Buffer): Command | undefined {
  let at = 0;
  const number = (mark: string): number | undefined => {
    const end = bytes.indexOf('\r\n', at);
    if (end < 0) return undefined;
    const line = bytes.toString('latin1', at, end);
    if (!line.startsWith(mark)) throw new Error(`not a command: ${line}`);
    at = end + 2;
    return Number(line.slice(1));
  };
  const count = number('*');
  if (count === undefined) return undefined;
  const words: Buffer[] = [];
  while (words.length < count) {
    const length = number('$');
    if (length === undefined || bytes.length < at + length + 2) return undefined;
    words.push(Buffer.from(bytes.subarray(at, at + length)));
    at += length + 2;
  }
  return { words, length: at };
}
