import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export interface Seen {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** How many connections the server had accepted when the request came. */
  readonly connections: number;
}

export type Answer = (request: Seen, response: ServerResponse) => void;

export interface LocalServer {
  readonly url: string;
  /** PEM of the certificate that the server shows; empty for plain HTTP. */
  readonly certificate: string;
  readonly seen: readonly Seen[];
  /** What it answers from now on. */
  answer: Answer;
  close(): Promise<void>;
}

export interface ServerKey {
  readonly certificate: string;
  readonly key: string;
}

/** A self-signed certificate for 127.0.0.1. */
export async function makeKey(): Promise<ServerKey> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=127.0.0.1',
    notBefore: new Date(Date.now() - 3_600_000),
    notAfter: new Date(Date.now() + 3_600_000),
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }]),
    ],
  });
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificate: certificate.toString('pem'),
    key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
  };
}

/** An HTTP server on a port of its own: with TLS when a key is given. */
export async function startServer(answer: Answer, key?: ServerKey): Promise<LocalServer> {
  const seen: Seen[] = [];
  let connections = 0;
  const state = { answer };
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one: Seen = {
        method: request.method ?? '',
        url: new URL(request.url ?? '/', 'http://local'),
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
        connections,
      };
      seen.push(one);
      state.answer(one, response);
    });
  };
  const server = key
    ? createSecureServer({ key: key.key, cert: key.certificate }, onRequest)
    : createServer(onRequest);
  server.on(key ? 'secureConnection' : 'connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${key ? 'https' : 'http'}://127.0.0.1:${port}`,
    certificate: key?.certificate ?? '',
    seen,
    get answer() {
      return state.answer;
    },
    set answer(next) {
      state.answer = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
