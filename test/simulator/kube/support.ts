import type {
  ApiResponse,
  KubeClusterOptions,
  KubeUser,
  PriorDeployment,
} from '../../../src/simulator/kube/api-server.ts';
import { KubeCluster } from '../../../src/simulator/kube/api-server.ts';
import type { Deployment } from '../../../src/simulator/kube/deployments.ts';
import type { StatusDetails } from '../../../src/simulator/kube/status-error.ts';
import { VirtualClock } from '../../../src/simulator/virtual-clock.ts';

export const namespace = 'sts';
export const deploymentsPath = `/apis/apps/v1/namespaces/${namespace}/deployments`;
export const admin = 'admin';

/** The bearer is the user's name; `admin` is one of `system:masters`, `nobody` is unknown. */
const authenticate = (bearer: string): Promise<KubeUser | undefined> =>
  Promise.resolve(
    bearer === 'nobody'
      ? undefined
      : { username: bearer, groups: bearer === admin ? ['system:masters'] : [] },
  );

interface Call {
  readonly as?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Of an object or of a failure: whichever a test expects. */
export interface Body extends Deployment {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: StatusDetails;
}

/** A cluster on virtual time, and a client without conveniences. */
export class TestCluster {
  readonly clock = new VirtualClock();
  readonly kube: KubeCluster;

  constructor(options: Partial<KubeClusterOptions> = {}) {
    this.kube = new KubeCluster({ clock: this.clock, authenticate, ...options });
  }

  add(name: string, extra: Partial<PriorDeployment> = {}): this {
    this.kube.addDeployment({ namespace, name, replicas: 3, rolloutSeconds: 10, ...extra });
    return this;
  }

  call(method: string, path: string, call: Call = {}): Promise<ApiResponse> {
    const { as = admin, body, headers = {}, signal = new AbortController().signal } = call;
    return this.kube.handle({
      method,
      path,
      headers: { ...(as !== null && { authorization: `Bearer ${as}` }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal,
    });
  }

  /** The body of an answer that is JSON, with its HTTP status beside it. */
  async json(method: string, path: string, call: Call = {}) {
    const response = await this.call(method, path, call);
    if (response.kind !== 'json') throw new Error('expected one JSON document');
    // Over the wire and back.
    return {
      status: response.status,
      headers: response.headers ?? {},
      body: JSON.parse(JSON.stringify(response.body)) as Body,
    };
  }

  /** The items of a list. */
  async items(path: string): Promise<readonly Body[]> {
    const { body } = await this.json('GET', path);
    return (body as unknown as { readonly items: readonly Body[] }).items;
  }

  async get(name: string): Promise<Deployment> {
    return (await this.json('GET', `${deploymentsPath}/${name}`)).body;
  }

  patch(name: string, body: unknown, manager = 'rollcall', as: string = admin) {
    return this.merge(`${deploymentsPath}/${name}?fieldManager=${manager}`, body, as);
  }

  /** A merge-patch of anything. */
  merge(path: string, body: unknown, as: string = admin) {
    return this.json('PATCH', path, {
      as,
      body,
      headers: { 'content-type': 'application/merge-patch+json' },
    });
  }

  /** Collects a watch's lines as they come. */
  async watch(query: string, path = deploymentsPath): Promise<Watching> {
    const abort = new AbortController();
    const { signal } = abort;
    const response = await this.call('GET', `${path}?watch=1&${query}`, { signal });
    if (response.kind !== 'stream')
      throw new Error(`expected a stream: ${String(response.status)}`);
    const events: WatchLine[] = [];
    const done = (async () => {
      for await (const line of response.lines) events.push(line as WatchLine);
    })();
    const stop = (): void => {
      abort.abort();
    };
    return { events, done, stop };
  }
}

export interface WatchLine {
  readonly type: string;
  readonly object: Body;
}

export interface Watching {
  readonly events: readonly WatchLine[];
  readonly done: Promise<void>;
  readonly stop: () => void;
}

/** What a restart patches. */
export const stamp = (instant: string, resourceVersion?: string): unknown => ({
  metadata: {
    ...(resourceVersion !== undefined && { resourceVersion }),
    annotations: { 'rollcall.dev/run': `${instant}/nightly` },
  },
  spec: {
    template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': instant } } },
  },
});

export const settled = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
