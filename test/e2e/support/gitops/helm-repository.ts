import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { mustHelm } from '../helm/helm.ts';

/** A repository of charts as `helm repo index` makes one, served on loopback. */
export class HelmRepository {
  readonly #folder: string;
  readonly #server: Server;

  private constructor(folder: string, server: Server) {
    this.#folder = folder;
    this.#server = server;
  }

  /** @param folder where packed charts are kept */
  static async start(folder: string): Promise<HelmRepository> {
    mkdirSync(folder, { recursive: true });
    const server = createServer(({ url = '' }, answer) => {
      const name = readdirSync(folder).find((one) => url === `/charts/${one}`);
      if (name === undefined) answer.writeHead(404).end();
      else answer.writeHead(200).end(readFileSync(join(folder, name)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    return new HelmRepository(folder, server);
  }

  get url(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/charts`;
  }

  /** @param chart its folder */
  async add(chart: string, version: string): Promise<void> {
    await mustHelm(['package', chart, '--destination', this.#folder, '--version', version]);
    await mustHelm(['repo', 'index', this.#folder]);
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
