import type { Dispatcher } from 'undici';
import { KubeRefusal, parseJson, statusMessage } from './classify.ts';
import type { KubeReply, KubeRequest } from './request.ts';

export interface Way {
  readonly dispatcher: Dispatcher;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * One request and its answer. Throws `KubeRefusal` for an answer that the caller did not ask for,
 * and the transport's own errors.
 */
export async function exchange(origin: string, request: KubeRequest, way: Way): Promise<KubeReply> {
  const { method, path, query = {}, body, contentType = 'application/json' } = request;
  const search = new URLSearchParams(query).toString();
  const answer = await way.dispatcher.request({
    origin,
    path: search === '' ? path : `${path}?${search}`,
    method,
    signal: way.signal,
    headers: body ? { ...way.headers, 'content-type': contentType } : way.headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  const status = answer.statusCode;
  const text = await answer.body.text();
  if (status >= 200 && status < 300) {
    const json = parseJson(text);
    if (json === undefined) throw new Error('the answer is no JSON: not from an API server');
    return { status, body: json };
  }
  if (status >= 300 && status < 400) throw new Error('the API server redirects elsewhere');
  if (request.answers?.includes(status)) return { status, body: parseJson(text) ?? text };
  const retryAfter = answer.headers['retry-after'];
  throw new KubeRefusal({
    status,
    message: status === 401 && text === '' ? 'Unauthorized' : statusMessage(text),
    retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
  });
}
