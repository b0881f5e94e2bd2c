import { createSecureContext } from 'node:tls';
import { Agent } from 'undici';
import type { Fresh } from '../aws/renewing.ts';
import { LinkError } from '../link-error.ts';
import { classifyAnswer, classifyKube } from './classify.ts';
import { exchange } from './exchange.ts';
import type { KubeReply, KubeRequest } from './request.ts';
import { watch, type RawWatchEvent, type WatchLimits } from './watch.ts';

/** More than any page of a list; a watch that passes it is resumed. Bytes. */
const longestAnswer = 64 * 1024 * 1024;

export interface KubeClientOptions {
  /** `https://HOST[:PORT]`: the token goes there. */
  readonly url: string;
  /** PEM: the only certificates by which the server is known. */
  readonly certificateAuthority: string;
  /** Asked for each request. */
  readonly token: Fresh<string>;
  /** `rollcall/<version>`. */
  readonly userAgent: string;
  /** Who calls, for the text of a 401: a role and the cluster's name, or a ServiceAccount. */
  readonly caller: string;
  /** What to compare when the server knows nobody by the token. */
  readonly compareOn401: string;
  /** Milliseconds since the epoch, for `Retry-After` dates. */
  readonly now: () => number;
  /** How long an answer may take to begin, and how long it may then pause. Default: 30 000 ms. */
  readonly requestTimeoutMs?: number;
}

/**
 * So long after a connection failed or a watch ended a refusal by RBAC is not believed: the API
 * server may have started a moment ago, and refuses everybody until it has read its roles
 * (kubernetes, plugin/pkg/auth/authorizer/rbac: it reads them from informers, and authorises
 * requests before those have synced). Milliseconds.
 */
const believedAfterMs = 15_000;

/** A watch, from a version on. */
export interface KubeWatch extends WatchLimits {
  /** For messages: `watch deployments in sts`. */
  readonly doing: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly resourceVersion: string;
}

/** One cluster's API. Whatever fails is a `LinkError`; an abort is thrown as the signal's reason. */
export interface KubeClient {
  /**
   * Sends one request, once.
   *
   * @param read takes what is needed from the answer; what it throws becomes a `LinkError` too
   */
  request<T>(request: KubeRequest, signal: AbortSignal, read: (reply: KubeReply) => T): Promise<T>;
  /** As `watch` in watch.ts: it ends quietly, also on abort. */
  watch(request: KubeWatch, signal: AbortSignal): AsyncGenerator<RawWatchEvent, void, undefined>;
  close(): Promise<void>;
}

/**
 * A client with one undici Agent for the whole cluster: connections are kept and TLS is negotiated
 * once. HTTP/1.1 alone: a silent connection then takes one watch with it, not all of them. Redirects
 * are not followed: an API server gives none, and what stands elsewhere is not its word.
 */
export function createKubeClient(options: KubeClientOptions): KubeClient {
  const { url, token, userAgent, caller, compareOn401, now, requestTimeoutMs = 30_000 } = options;
  if (!url.startsWith('https://')) {
    throw new LinkError('describe', `The endpoint ${url} is not https: no token is sent there.`);
  }
  // One for all connections: each would else read the certificates for itself.
  const secureContext = createSecureContext({ ca: options.certificateAuthority });
  const agent = new Agent({
    allowH2: false,
    // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED can't send the token anywhere else.
    connect: { secureContext, rejectUnauthorized: true, timeout: 10_000 },
    headersTimeout: requestTimeoutMs,
    bodyTimeout: requestTimeoutMs,
    keepAliveTimeout: 30_000,
    maxResponseSize: longestAnswer,
  });
  // Once known, a 401 is an authenticator that is busy or restarting, and passes.
  let known = false;
  // When the server was last seen to go away.
  let goneAt: number | undefined;
  const headers = async (signal: AbortSignal) => ({
    authorization: `Bearer ${await token(signal)}`,
    'user-agent': userAgent,
    accept: 'application/json',
  });
  const context = (doing: string) => ({
    doing,
    caller,
    compareOn401,
    known,
    refusalPasses: known && goneAt !== undefined && now() - goneAt < believedAfterMs,
    now: now(),
  });
  const classify = (error: unknown, doing: string): LinkError => {
    const trouble = classifyKube(error, context(doing));
    if (trouble.link === 'network') goneAt = now();
    return trouble;
  };

  return {
    async request(request, signal, read) {
      signal.throwIfAborted();
      // Not AbortSignal.timeout: that one stays until its time has come, long after the answer.
      const late = new AbortController();
      const deadline = setTimeout(
        () => {
          late.abort(new DOMException('The request took too long', 'TimeoutError'));
        },
        2 * requestTimeoutMs + 5_000,
      );
      const inTime = AbortSignal.any([signal, late.signal]);
      try {
        const reply = await exchange(url, request, {
          dispatcher: agent,
          headers: await headers(inTime),
          signal: inTime,
        });
        const result = read(reply);
        known = true;
        return result;
      } catch (error) {
        signal.throwIfAborted();
        throw classify(error, request.doing);
      } finally {
        clearTimeout(deadline);
      }
    },

    async *watch(request, signal) {
      const { doing, path, query, ...rest } = request;
      let own;
      try {
        own = await headers(signal);
      } catch (error) {
        if (signal.aborted) return;
        throw classify(error, doing);
      }
      yield* watch({
        origin: url,
        path,
        query,
        ...rest,
        agent,
        headers: own,
        signal,
        refused: (answer) => classifyAnswer(answer, context(doing)),
        failed: (error) => classify(error, doing),
      });
      // Whoever ended it: the server may have, and be about to start again.
      goneAt = now();
    },

    close: () => agent.destroy(),
  };
}
