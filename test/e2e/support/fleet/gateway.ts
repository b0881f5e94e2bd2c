import { Agent, request } from 'undici';
import type { ApiRequest, ApiResponse } from '../../../../src/simulator/kube/api-server.ts';
import { makeAuthority } from '../../../../src/simulator/servers/certificates.ts';
import { kubeHandler } from '../../../../src/simulator/servers/kube-server.ts';
import { listen } from '../../../../src/simulator/servers/loopback.ts';
import type { Kube } from '../../../contract/laboratory.ts';
import { readLines } from '../../../support/kube-client.ts';

/** A way to a real API server on which a test can come between. It ends TLS, and passes all on. */
export interface Gateway {
  readonly kube: Kube;
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  close(): Promise<void>;
}

export async function openGateway(
  name: string,
  server: { readonly url: string; readonly ca: string },
): Promise<Gateway> {
  const agent = new Agent({ connect: { ca: server.ca }, bodyTimeout: 0, headersTimeout: 0 });
  const kube: Kube = { handle: (asked) => forward(server.url, agent, asked) };
  const authority = await makeAuthority(`gateway of ${name}`);
  const listening = await listen(
    await authority.issue(),
    kubeHandler({ handle: (asked) => kube.handle(asked) }),
  );
  const close = async (): Promise<void> => {
    await listening.close();
    await agent.destroy();
  };
  return { kube, url: listening.url, ca: authority.pem, close };
}

const hopByHop = ['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding'];

async function forward(url: string, agent: Agent, asked: ApiRequest): Promise<ApiResponse> {
  const { method, path, body, signal } = asked;
  const headers = Object.fromEntries(
    Object.entries(asked.headers).filter(([name]) => !hopByHop.includes(name)),
  );
  const answer = await request(new URL(path, url), {
    method: method as 'GET',
    headers,
    dispatcher: agent,
    signal,
    ...(body === undefined ? {} : { body }),
  });
  const status = answer.statusCode;
  const watched = /[?&]watch=(?!0|false)/.test(path);
  if (watched && status === 200) {
    return { kind: 'stream', status, lines: readLines(answer.body, signal) };
  }
  const text = await answer.body.text();
  const retryAfter = answer.headers['retry-after'];
  return {
    kind: 'json',
    status,
    ...(typeof retryAfter === 'string' ? { headers: { 'retry-after': retryAfter } } : {}),
    body: parse(text),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
