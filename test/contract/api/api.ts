import type { KubeAnswer, KubeClient, KubeObject } from '../../support/kube-client.ts';
import { until } from '../../support/wait.ts';

/** A cluster's API in a laboratory: a real API server's, or the simulated one's, both over TLS. */
export interface ApiLaboratory {
  readonly name: 'simulated' | 'real';
  start(): Promise<StartedApi>;
}

export interface StartedApi {
  /** Of the cluster's admin. */
  readonly client: KubeClient;
  /** Forgets all older versions: a list or a watch that goes on from one is told so. */
  compact(): Promise<void>;
  close(): Promise<void>;
}

const mergePatch = 'application/merge-patch+json';

/** What the contract's cases ask of the cluster. Each case has a namespace of its own. */
export class Api {
  readonly started: StartedApi;
  #namespaces = 0;

  constructor(started: StartedApi) {
    this.started = started;
  }

  get client(): KubeClient {
    return this.started.client;
  }

  async namespace(): Promise<Namespace> {
    this.#namespaces += 1;
    const name = `contract-${this.#namespaces}-${Date.now().toString(36)}`;
    await this.client.call('/api/v1/namespaces', {
      method: 'POST',
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    });
    return new Namespace(this.client, name);
  }
}

/** As a user of no rights but what is bound to it. */
export const as = (
  user: string,
  ...groups: readonly string[]
): Readonly<Record<string, string>> => ({
  'impersonate-user': user,
  ...(groups.length > 0 ? { 'impersonate-group': groups.join(',') } : {}),
});

export interface Template {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
}
export interface DeploymentSpec {
  readonly replicas: number;
  readonly paused?: boolean;
  readonly template: Template;
}
export type Deployment = KubeObject & {
  readonly spec: DeploymentSpec;
  readonly status: Readonly<Record<string, unknown>> & {
    readonly conditions?: readonly Readonly<Record<string, string>>[];
  };
};

export class Namespace {
  readonly client: KubeClient;
  readonly name: string;

  constructor(client: KubeClient, name: string) {
    this.client = client;
    this.name = name;
  }

  get deployments(): string {
    return `/apis/apps/v1/namespaces/${this.name}/deployments`;
  }

  get configMaps(): string {
    return `/api/v1/namespaces/${this.name}/configmaps`;
  }

  /** A paused Deployment: nothing but the test changes it. */
  async still(name: string, extra: { readonly labels?: Readonly<Record<string, string>> } = {}) {
    const made = await this.make(name, { paused: true, ...extra });
    await this.observed(name);
    return made;
  }

  /** As it is when the controller has seen its last change. */
  observed(name: string): Promise<Deployment> {
    return until(`the controller has seen ${name}`, async () => {
      const one = await this.get(name);
      return one.status.observedGeneration === one.metadata.generation && one;
    });
  }

  /** A Deployment that is rolled out. */
  async rolledOut(name: string, replicas = 1): Promise<Deployment> {
    await this.make(name, { replicas });
    return this.complete(name);
  }

  /** Waits until its rollout is complete, and gives it as it is then. */
  complete(name: string): Promise<Deployment> {
    return until(`${name} is rolled out`, async () => {
      const one = await this.get(name);
      const { observedGeneration, updatedReplicas, availableReplicas, replicas } = one.status;
      const counts = [updatedReplicas, availableReplicas, replicas].map((count) => count ?? 0);
      const seen = observedGeneration === one.metadata.generation;
      const settled = one.status.conditions?.some(
        ({ reason }) => reason === 'NewReplicaSetAvailable',
      );
      return seen && settled && counts.every((count) => count === one.spec.replicas) && one;
    });
  }

  make(
    name: string,
    {
      replicas = 1,
      paused,
      labels,
    }: {
      readonly replicas?: number;
      readonly paused?: boolean;
      readonly labels?: Readonly<Record<string, string>>;
    },
  ): Promise<Deployment> {
    return this.client.call<Deployment>(`${this.deployments}?fieldManager=maker`, {
      method: 'POST',
      body: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name, labels: { app: name, ...labels } },
        spec: {
          replicas,
          ...(paused && { paused }),
          selector: { matchLabels: { app: name } },
          template: {
            metadata: { labels: { app: name } },
            spec: { containers: [{ name, image: `example.invalid/${name}:1` }] },
          },
        },
      },
    });
  }

  get(name: string): Promise<Deployment> {
    return this.client.call<Deployment>(`${this.deployments}/${name}`);
  }

  patch(
    name: string,
    body: unknown,
    { manager = 'rollcall', query = '', contentType = mergePatch, headers = {} } = {},
  ): Promise<KubeAnswer & { readonly body: Answered }> {
    return this.client.send(`${this.deployments}/${name}?fieldManager=${manager}${query}`, {
      method: 'PATCH',
      body,
      contentType,
      headers,
    }) as Promise<KubeAnswer & { readonly body: Answered }>;
  }

  /** The events of a watch as they come; `stop` ends it. */
  watch(query: string, path = this.deployments): Watching {
    const abort = new AbortController();
    const events: WatchEvent[] = [];
    const done = (async () => {
      for await (const event of this.client.watch(`${path}?watch=1&${query}`, abort.signal))
        events.push(event as WatchEvent);
    })();
    // A case that fails does not wait for it.
    done.catch(() => undefined);
    return {
      events,
      done,
      stop: async () => {
        abort.abort();
        await done;
      },
    };
  }
}

/** Of an object or of a failure: whichever a case expects. */
export type Answered = Deployment & {
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: Readonly<Record<string, unknown>>;
};

export interface WatchEvent {
  readonly type: string;
  readonly object: Answered;
}

export interface Watching {
  readonly events: readonly WatchEvent[];
  readonly done: Promise<void>;
  stop(): Promise<void>;
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

export const brief = (events: readonly WatchEvent[]): readonly string[] =>
  events.map(({ type, object }) => `${type} ${object.metadata.name}`);
