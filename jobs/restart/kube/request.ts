/** A merge-patch works on every kind, custom resources too (Kubernetes API concepts, Patch). */
export const mergePatch = 'application/merge-patch+json';

/**
 * Who writes, in `managedFields`. It must not start with `kubectl`: Flux takes over the fields of
 * such managers and drops them (fluxcd/pkg, ssa/patch.go).
 */
export const fieldManager = 'rollcall';

/** One request to an API server. */
export interface KubeRequest {
  /** For messages: `list deployments in sts`. */
  readonly doing: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** From the root, with its parts encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
  /** Of the body. Default: `application/json`. */
  readonly contentType?: string;
  /** Statuses besides 2xx that are an answer to this caller and no failure. Default: none. */
  readonly answers?: readonly number[];
}

export interface KubeReply {
  readonly status: number;
  /** The JSON, or the text itself where a refusal has none. */
  readonly body: unknown;
}

/** The path of something in a namespace, or of all of its kind: `/api/v1/namespaces/sts/pods/a`. */
export function namespacedPath(
  api: string,
  namespace: string,
  resource: string,
  name?: string,
): string {
  const collection = `${api}/namespaces/${encodeURIComponent(namespace)}/${resource}`;
  return name === undefined ? collection : `${collection}/${encodeURIComponent(name)}`;
}
