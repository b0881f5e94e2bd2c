import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { KubeCluster } from '../kube/api-server.ts';
import { protobufType } from '../kube/body.ts';
import { headersOf, readBody, send } from './loopback.ts';
import type { Handler } from './loopback.ts';

/** A cluster's Kubernetes API: JSON answers, and watches as lines of JSON. */
export function kubeHandler(kube: Pick<KubeCluster, 'handle'>): Handler {
  return async (incoming, response) => {
    const left = new AbortController();
    response.on('close', () => {
      left.abort();
    });
    const isText = incoming.headers['content-type'] !== protobufType;
    const body = await readBody(incoming, isText ? 'utf8' : 'latin1');
    const answer = await kube.handle({
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers: headersOf(incoming),
      ...(body === '' ? {} : { body }),
      signal: left.signal,
    });
    if (answer.kind === 'json') {
      const { 'content-type': type = 'application/json', ...headers } = answer.headers ?? {};
      send(response, answer.status, type, JSON.stringify(answer.body), headers);
      return;
    }
    response.writeHead(answer.status, { 'content-type': 'application/json' }).flushHeaders();
    await writeLines(response, answer.lines, left.signal);
  };
}

/** Waits for a slow reader, and stops when it leaves. */
async function writeLines(
  response: ServerResponse,
  lines: AsyncIterable<unknown>,
  left: AbortSignal,
): Promise<void> {
  try {
    for await (const line of lines) {
      if (left.aborted) return;
      if (!response.write(`${JSON.stringify(line)}\n`)) {
        await once(response, 'drain', { signal: left });
      }
    }
    response.end();
  } catch (error) {
    if (!left.aborted) throw error;
  }
}
