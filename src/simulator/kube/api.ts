/** HTTP as the simulated API server sees it: the loopback server carries it over TLS. */

export interface ApiRequest {
  /** Upper case. */
  readonly method: string;
  /** With query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Text; protobuf as one character a byte (`latin1`). */
  readonly body?: string;
  /** Aborted when the client is gone: it ends a watch. */
  readonly signal: AbortSignal;
}

export type ApiResponse =
  | {
      readonly kind: 'json';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: unknown;
    }
  /** One JSON document a line, sent as it comes. */
  | { readonly kind: 'stream'; readonly status: number; readonly lines: AsyncIterable<unknown> };
