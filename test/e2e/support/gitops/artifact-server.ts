import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { mustRun } from '../process/command.ts';

/** `status.artifact` of a Flux source, as source-controller writes it. */
export interface Artifact {
  readonly url: string;
  /** Of the tarball: whoever fetches it compares. */
  readonly digest: string;
  /** Of what is in it: the same files, the same revision. */
  readonly revision: string;
  /** On the server. */
  readonly path: string;
  readonly size: number;
  /** RFC 3339. */
  readonly lastUpdateTime: string;
}

/** Serves tarballs of folders on loopback, as source-controller does inside of a cluster. */
export class ArtifactServer {
  readonly #folder: string;
  readonly #tarballs: Map<string, Buffer>;
  readonly #server: Server;

  private constructor(folder: string, tarballs: Map<string, Buffer>, server: Server) {
    this.#folder = folder;
    this.#tarballs = tarballs;
    this.#server = server;
  }

  /** @param folder where tarballs are made */
  static async start(folder: string): Promise<ArtifactServer> {
    mkdirSync(folder, { recursive: true });
    const tarballs = new Map<string, Buffer>();
    const server = createServer(({ url = '' }, answer) => {
      const tarball = tarballs.get(url.slice(1));
      answer.writeHead(tarball ? 200 : 404).end(tarball);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    server.unref();
    return new ArtifactServer(folder, tarballs, server);
  }

  /** Packs the tree. */
  async publish(tree: string): Promise<Artifact> {
    const tar = join(this.#folder, 'artifact.tar');
    await mustRun('tar', ['-cf', tar, '-C', tree, '.']);
    const revision = sha256(readFileSync(tar));
    await mustRun('gzip', ['-f', tar]);
    const tarball = readFileSync(`${tar}.gz`);
    const path = `${revision}.tar.gz`;
    this.#tarballs.set(path, tarball);
    const { port } = this.#server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}/${path}`,
      digest: `sha256:${sha256(tarball)}`,
      revision: `main@sha256:${revision}`,
      path,
      size: tarball.length,
      lastUpdateTime: new Date().toISOString(),
    };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
