import { createServer as createPlainServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { AwsRequest } from '../aws/sigv4.ts';
import type { ServerIdentity } from './certificates.ts';

export interface LoopbackServer {
  /** `https://127.0.0.1:PORT`, or `http://`. */
  readonly url: string;
  /** Ends open connections too. */
  close(): Promise<void>;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** HTTPS on 127.0.0.1, on a port that is free. */
export const listen = (identity: ServerIdentity, handler: Handler): Promise<LoopbackServer> =>
  start(createServer({ ...identity }, listenerOf(handler)), 'https');

/** HTTP likewise: as the agents of a node speak. */
export const listenPlainly = (handler: Handler): Promise<LoopbackServer> =>
  start(createPlainServer(listenerOf(handler)), 'http');

const listenerOf =
  (handler: Handler) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    handler(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, 500, 'text/plain', error instanceof Error ? error.message : 'error');
    });
  };

async function start(server: Server, scheme: 'http' | 'https'): Promise<LoopbackServer> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

export function send(
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...headers, 'content-type': contentType }).end(body);
}

/** Larger than any ConfigMap (1 MiB) as JSON. */
const maxBody = 8 * 1024 * 1024;

export async function readBody(
  request: IncomingMessage,
  encoding: BufferEncoding = 'utf8',
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBody) throw new Error('request entity too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString(encoding);
}

/** Header names are lower case already; a header that comes twice is joined. */
export const headersOf = (request: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );

export async function toAwsRequest(request: IncomingMessage): Promise<AwsRequest> {
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s);
  return {
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers: headersOf(request),
    body: await readBody(request),
  };
}
