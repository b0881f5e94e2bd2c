import { errors, type Agent } from 'undici';
import { WatchExpired, type LinkError } from '../link-error.ts';
import { statusMessage, type KubeAnswer } from './classify.ts';
import { splitLines } from './lines.ts';

/** An event as the API server writes it; bookmarks carry a resourceVersion and nothing else. */
export type RawWatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: unknown }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

export interface WatchLimits {
  /** After which the server ends the watch. Seconds. Default: 290, below the idle limit of EKS's load balancer. */
  readonly timeoutSeconds?: number;
  /** A connection that is silent for so long is given up. Default: 90 000 ms: bookmarks come each minute. */
  readonly idleMs?: number;
}

export interface WatchRequest extends WatchLimits {
  readonly origin: string;
  readonly path: string;
  /** The selectors, without the watch's own parameters. */
  readonly query: Readonly<Record<string, string>>;
  readonly resourceVersion: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly agent: Agent;
  readonly signal: AbortSignal;
  /** Makes the error of an answer, or of an ERROR event. */
  readonly refused: (answer: KubeAnswer) => LinkError;
  /** Makes the error of a connection that failed. */
  readonly failed: (error: unknown) => LinkError;
}

/**
 * One watch, over the cluster's own connections. Ends quietly when the server ends it, when it
 * falls silent, and when the signal aborts; the caller resumes from the last version it saw. Throws
 * `WatchExpired` on 410, as an answer or as an ERROR event, and `LinkError` for everything else.
 */
export async function* watch(
  options: WatchRequest,
): AsyncGenerator<RawWatchEvent, void, undefined> {
  const { signal, refused, failed } = options;
  try {
    for await (const line of splitLines(await open(options))) yield toEvent(line, refused);
  } catch (error) {
    if (signal.aborted || error instanceof errors.BodyTimeoutError) return;
    if (error instanceof WatchExpired) throw error;
    throw failed(error);
  }
}

async function open(options: WatchRequest): Promise<AsyncIterable<Uint8Array>> {
  const { resourceVersion, timeoutSeconds = 290, idleMs = 90_000 } = options;
  const search = new URLSearchParams({
    ...options.query,
    watch: '1',
    allowWatchBookmarks: 'true',
    resourceVersion,
    timeoutSeconds: String(timeoutSeconds),
  });
  const { statusCode, headers, body } = await options.agent.request({
    origin: options.origin,
    path: `${options.path}?${search.toString()}`,
    method: 'GET',
    headers: options.headers,
    signal: options.signal,
    bodyTimeout: idleMs,
  });
  if (statusCode === 200) return body;
  const message = statusMessage(await body.text());
  if (statusCode === 410) throw new WatchExpired();
  const retryAfter = headers['retry-after'];
  throw options.refused({
    status: statusCode,
    message,
    retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
  });
}

function toEvent(line: string, refused: WatchRequest['refused']): RawWatchEvent {
  const { type, object } = parse(line);
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object };
    case 'BOOKMARK':
      return { type, resourceVersion: bookmarkVersion(object) };
    case 'ERROR': {
      const code = (object as { code?: unknown } | null)?.code;
      if (code === 410) throw new WatchExpired();
      throw refused({
        // A Status without a code is the server's failure, not a verdict on the request.
        status: typeof code === 'number' ? code : 500,
        message: statusMessage(object),
      });
    }
    default:
      throw new Error(`the watch sent an event of the unknown type ${JSON.stringify(type)}`);
  }
}

function parse(line: string): { readonly type?: unknown; readonly object?: unknown } {
  try {
    const event: unknown = JSON.parse(line);
    if (typeof event === 'object' && event !== null) return event;
  } catch {
    // Told below, together with JSON that is no event.
  }
  throw new Error(`the watch sent a line that is no event: ${line.slice(0, 200)}`);
}

function bookmarkVersion(object: unknown): string {
  const version = (object as { metadata?: { resourceVersion?: unknown } } | undefined)?.metadata
    ?.resourceVersion;
  if (typeof version === 'string' && version !== '') return version;
  throw new Error('the watch sent a bookmark without a resourceVersion');
}
