import { Agent, request } from 'undici';

/** A cluster's API and a credential for it. */
export interface KubeEndpoint {
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  readonly token: string;
}

/** An object as the API gives it, as far as tests read it. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly generation?: number;
    readonly creationTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
    readonly managedFields?: readonly {
      readonly manager: string;
      readonly operation: string;
      readonly subresource?: string;
    }[];
    readonly continue?: string;
  };
  readonly [field: string]: unknown;
}

export interface KubeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface KubeRequest {
  readonly method?: Method;
  readonly body?: unknown;
  /** Default: JSON; for PATCH a merge patch. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Speaks to one API server as one user. */
export class KubeClient {
  readonly endpoint: KubeEndpoint;
  readonly #agent: Agent;

  constructor(endpoint: KubeEndpoint) {
    this.endpoint = endpoint;
    this.#agent = new Agent({ connect: { ca: endpoint.ca }, bodyTimeout: 0, headersTimeout: 0 });
  }

  /** The answer, whatever its status. */
  async send(path: string, options: KubeRequest = {}): Promise<KubeAnswer> {
    const answer = await this.#request(path, options);
    const text = await answer.body.text();
    return { status: answer.statusCode, headers: answer.headers, body: parse(text) };
  }

  /** The object or list of a successful answer. Throws the server's message otherwise. */
  async call<T = KubeObject>(path: string, options: KubeRequest = {}): Promise<T> {
    const { status, body } = await this.send(path, options);
    if (status >= 400) {
      throw new Error(`${options.method ?? 'GET'} ${path}: ${status} ${JSON.stringify(body)}`);
    }
    return body as T;
  }

  /** The events of a watch, one JSON document a line, until it ends or is aborted. */
  async *watch(path: string, signal: AbortSignal): AsyncGenerator {
    const answer = await this.#request(path, { signal });
    yield* readLines(answer.body, signal);
  }

  /** `undefined` where there is none. */
  async find(path: string): Promise<KubeObject | undefined> {
    const { status, body } = await this.send(path);
    if (status === 404) return undefined;
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    return body as KubeObject;
  }

  async list(path: string): Promise<readonly KubeObject[]> {
    return (await this.call<{ readonly items: readonly KubeObject[] }>(path)).items;
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #request(path: string, { method = 'GET', body, contentType, headers, signal }: KubeRequest) {
    const type =
      contentType ?? (method === 'PATCH' ? 'application/merge-patch+json' : 'application/json');
    return request(new URL(path, this.endpoint.url), {
      method,
      dispatcher: this.#agent,
      headers: {
        authorization: `Bearer ${this.endpoint.token}`,
        'user-agent': 'rollcall-e2e',
        ...(body === undefined ? {} : { 'content-type': type }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Each line of a stream as JSON, until it ends or is aborted. */
export async function* readLines(
  stream: AsyncIterable<unknown>,
  signal: AbortSignal,
): AsyncGenerator {
  let rest = '';
  try {
    for await (const chunk of stream) {
      rest += String(chunk);
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') yield JSON.parse(line);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
