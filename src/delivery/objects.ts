/** A Kubernetes object, as far as those who deliver it look at it. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
}

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** One chart's objects in one cluster. */
export interface DeliveredChart<Kind extends string = string> {
  readonly kind: Kind;
  /** In the order in which they are applied. */
  readonly objects: readonly KubeObject[];
}

/** A cluster, and what is delivered to it. */
export interface DeliveredCluster<Kind extends string = string> {
  readonly name: string;
  readonly charts: readonly DeliveredChart<Kind>[];
}

export const isNamespace = ({ kind, apiVersion }: KubeObject): boolean =>
  kind === 'Namespace' && apiVersion === 'v1';

/** `apps/v1` → `apps`; `v1` → the core group, which has no name. */
export const groupOf = ({ apiVersion }: Pick<KubeObject, 'apiVersion'>): string =>
  apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';

/** In the order of their text, each once. */
export const sortedOnce = (texts: Iterable<string>): readonly string[] =>
  [...new Set(texts)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
