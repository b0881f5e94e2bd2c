import type { SimClock } from '../clock.ts';
import { EventStream } from './event-stream.ts';
import type { StoreEvent } from './history.ts';
import { checkListOptions } from './list-options.ts';
import { wholeNumber } from './list.ts';
import type { KubeObject, StringMap } from './objects.ts';
import { isTrue } from './request-info.ts';
import type { ResourceType } from './resources.ts';
import { apiVersionOf } from './resources.ts';
import type { Selector } from './selectors.ts';
import { selectorOf } from './selectors.ts';
import { expired } from './status-error.ts';
import type { Store } from './store.ts';
import { atVersion } from './store.ts';

export interface WatchRequest {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly query: URLSearchParams;
  readonly signal: AbortSignal;
}

/** Real servers send one about every minute, and one before they end a watch. */
const bookmarkEveryMs = 60_000;
/** `--min-request-timeout`: how long a watch lasts that asks for no end. */
const defaultTimeoutSeconds = 1800;

/** All open watches of a cluster. */
export class Watches {
  readonly #store: Store;
  readonly #clock: SimClock;
  readonly #open = new Set<EventStream>();

  constructor(store: Store, clock: SimClock) {
    this.#store = store;
    this.#clock = clock;
  }

  get count(): number {
    return this.#open.size;
  }

  /**
   * From `resourceVersion` on; without one, or from `0`, what exists comes first as ADDED. A version
   * that is no longer held is answered by an ERROR event that carries a 410 Status.
   * `sendInitialEvents`: what exists comes first whatever the version, then a bookmark that says so
   * (KEP-3157); or, `false`, it does not come at all.
   */
  open({ type, namespace, query, signal }: WatchRequest): AsyncIterable<unknown> {
    checkListOptions(query);
    const selects = within(type, namespace, selectorOf(query, type));
    const from = wholeNumber(query, 'resourceVersion') ?? 0;
    const initial = query.get('sendInitialEvents');
    const wantsState = initial === null ? from === 0 : isTrue(initial);
    const seconds = wholeNumber(query, 'timeoutSeconds') ?? 0;
    const backlog = this.#store.since(from === 0 ? this.#store.version : from);
    const bookmarks = isTrue(query.get('allowWatchBookmarks'));

    const endings: (() => void)[] = [];
    const stream = new EventStream(() => {
      this.#open.delete(stream);
      for (const ending of endings) ending();
    });
    const tell = (event: StoreEvent): void => {
      const line = event.resource === type ? lineOf(event, selects) : undefined;
      if (line) stream.push(line);
    };
    const bookmark = (): void => {
      if (bookmarks) stream.push(bookmarkLine(type, this.#store.version));
    };

    if (signal.aborted) {
      stream.end();
      return stream;
    }
    if (wantsState) {
      for (const object of this.#store.list(type, namespace).filter(selects))
        stream.push({ type: 'ADDED', object });
      if (initial !== null && bookmarks)
        stream.push(
          bookmarkLine(type, this.#store.version, { 'k8s.io/initial-events-end': 'true' }),
        );
    } else if (backlog) backlog.forEach(tell);
    else {
      const message = `too old resource version: ${from} (${this.#store.version})`;
      stream.push({ type: 'ERROR', object: expired(message).status });
      stream.end();
      return stream;
    }

    this.#open.add(stream);
    // A watch from a version still to come begins with it.
    const opened = wantsState ? this.#store.version : from;
    const abort = (): void => {
      stream.end();
    };
    signal.addEventListener('abort', abort);
    endings.push(
      () => {
        signal.removeEventListener('abort', abort);
      },
      this.#store.subscribe((event) => {
        if (event.version > opened) tell(event);
      }),
      every(this.#clock, bookmarkEveryMs, bookmark),
      this.#clock.after((seconds || defaultTimeoutSeconds) * 1000, () => {
        bookmark();
        stream.end();
      }),
    );
    return stream;
  }

  /** Ends every watch; `expire` has each told of 410 first. */
  endAll({ expire = false } = {}): void {
    for (const stream of [...this.#open]) {
      if (expire)
        stream.push({
          type: 'ERROR',
          object: expired('The resourceVersion for the provided watch is too old.').status,
        });
      stream.end();
    }
  }
}

const within =
  (type: ResourceType, namespace: string | undefined, selects: Selector): Selector =>
  (object) =>
    (namespace === undefined || !type.namespaced || object.metadata.namespace === namespace) &&
    selects(object);

/** What a watch with this selector sees of a write (storage/cacher, watchCacheEvent to watch.Event). */
function lineOf(
  { type, object, previous, version }: StoreEvent,
  selects: Selector,
): { readonly type: string; readonly object: KubeObject } | undefined {
  const now = type !== 'DELETED' && selects(object);
  const before = previous !== undefined && selects(previous);
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', object };
  // Gone from the selection: as it last was in it, at the version of the event.
  return before ? { type: 'DELETED', object: atVersion(previous, version) } : undefined;
}

const bookmarkLine = (type: ResourceType, version: number, annotations?: StringMap) => ({
  type: 'BOOKMARK',
  object: {
    kind: type.kind,
    apiVersion: apiVersionOf(type),
    metadata: {
      resourceVersion: String(version),
      creationTimestamp: null,
      ...(annotations && { annotations }),
    },
  },
});

function every(clock: SimClock, ms: number, run: () => void): () => void {
  let cancel = clock.after(ms, again);
  function again(): void {
    cancel = clock.after(ms, again);
    run();
  }
  return () => {
    cancel();
  };
}
