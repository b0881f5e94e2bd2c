import {
  AppsV1Api,
  CoreV1Api,
  Observable,
  ServerConfiguration,
  createConfiguration,
  type ConfigurationOptions,
  type ObservableMiddleware,
} from '@kubernetes/client-node';
import { Agent } from 'undici';
import type { Fresh } from '../aws/renewing.ts';
import { LinkError } from '../link-error.ts';
import { classifyAnswer, classifyKube, type KubeAnswer } from './classify.ts';

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

/** One cluster's API: its typed clients and the connections under them. */
export interface KubeClient {
  readonly apps: AppsV1Api;
  readonly core: CoreV1Api;
  readonly url: string;
  /** The same connections, for requests that client-node can't make: watches. */
  readonly agent: Agent;
  headers(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** Makes a call whose errors are `LinkError`s; an abort is thrown as the signal's reason. */
  call<T>(
    doing: string,
    signal: AbortSignal,
    request: (options: ConfigurationOptions) => Promise<T>,
    contentType?: string,
  ): Promise<T>;
  /** An error as a `LinkError` of this cluster. */
  classify(error: unknown, doing: string): LinkError;
  /** Told when a watch has ended: the server may have. */
  gone(): void;
  /** An answer as a `LinkError` of this cluster. */
  refused(answer: KubeAnswer, doing: string): LinkError;
  close(): Promise<void>;
}

/**
 * A client with one undici Agent for the whole cluster: connections are kept and TLS is negotiated
 * once, where client-node's own KubeConfig would make an agent for each request. HTTP/1.1 alone: a
 * silent connection then takes one watch with it, not all of them.
 */
export function createKubeClient(options: KubeClientOptions): KubeClient {
  const { url, token, userAgent, caller, compareOn401, now, requestTimeoutMs = 30_000 } = options;
  if (!url.startsWith('https://')) {
    throw new LinkError('describe', `The endpoint ${url} is not https: no token is sent there.`);
  }
  const agent = new Agent({
    allowH2: false,
    // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED can't send the token anywhere else.
    connect: { ca: options.certificateAuthority, rejectUnauthorized: true, timeout: 10_000 },
    headersTimeout: requestTimeoutMs,
    bodyTimeout: requestTimeoutMs,
    keepAliveTimeout: 30_000,
    maxResponseSize: longestAnswer,
  });
  // client-node follows redirects; an API server gives none, and what stands elsewhere is not its word.
  const { origin } = new URL(url);
  const sameOrigin = agent.compose((dispatch) => (request, handler) => {
    if (String(request.origin) !== origin) throw new Error('the API server redirects elsewhere');
    return dispatch(request, handler);
  });
  // Once known, a 401 is an authenticator that is busy or restarting, and passes.
  let known = false;
  // When the server was last seen to go away.
  let goneAt: number | undefined;
  const refusalPasses = (): boolean =>
    known && goneAt !== undefined && now() - goneAt < believedAfterMs;
  const headers = async (signal?: AbortSignal) => ({
    authorization: `Bearer ${await token(signal)}`,
    'user-agent': userAgent,
  });
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(url, {}),
    authMethods: {
      default: {
        getName: () => 'eks',
        async applySecurityAuthentication(context) {
          for (const [name, value] of Object.entries(await headers())) {
            context.setHeaderParam(name, value);
          }
          context.setDispatcher(sameOrigin);
        },
      },
    },
  });
  const context = (doing: string) => ({
    doing,
    caller,
    compareOn401,
    known,
    refusalPasses: refusalPasses(),
    now: now(),
  });
  const classify = (error: unknown, doing: string): LinkError => {
    const trouble = classifyKube(error, context(doing));
    if (trouble.link === 'network') goneAt = now();
    return trouble;
  };

  return {
    apps: new AppsV1Api(configuration),
    core: new CoreV1Api(configuration),
    url,
    agent,
    headers,
    classify,
    refused: (answer, doing) => classifyAnswer(answer, context(doing)),
    gone() {
      goneAt = now();
    },
    async call(doing, signal, request, contentType) {
      signal.throwIfAborted();
      const inTime = AbortSignal.any([signal, AbortSignal.timeout(2 * requestTimeoutMs + 5_000)]);
      try {
        const answer = await request({
          middleware: [perCall(inTime, contentType)],
          middlewareMergeStrategy: 'append',
        });
        known = true;
        return answer;
      } catch (error) {
        signal.throwIfAborted();
        throw classify(error, doing);
      }
    },
    close: () => agent.destroy(),
  };
}

/** A signal and a content type are given to client-node by a `pre` step: it has no options for them. */
const perCall = (signal: AbortSignal, contentType: string | undefined): ObservableMiddleware => ({
  pre(context) {
    context.setSignal(signal);
    if (contentType !== undefined) context.setHeaderParam('Content-Type', contentType);
    return new Observable(Promise.resolve(context));
  },
  post: (response) => new Observable(Promise.resolve(response)),
});
