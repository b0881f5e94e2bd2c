import { until } from '../../support/wait.ts';
import type { KubeObject } from '../../support/kube-client.ts';
import type { Namespace } from './api.ts';

export interface Workload extends KubeObject {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status: Readonly<Record<string, unknown>>;
}

/** One kind of workload in a namespace, and its pods. */
export class Workloads {
  readonly namespace: Namespace;
  readonly kind: 'DaemonSet' | 'StatefulSet';

  constructor(namespace: Namespace, kind: 'DaemonSet' | 'StatefulSet') {
    this.namespace = namespace;
    this.kind = kind;
  }

  get path(): string {
    return `/apis/apps/v1/namespaces/${this.namespace.name}/${this.kind.toLowerCase()}s`;
  }

  get podPath(): string {
    return `/api/v1/namespaces/${this.namespace.name}/pods`;
  }

  make(name: string, spec: Readonly<Record<string, unknown>>): Promise<Workload> {
    return this.namespace.client.call<Workload>(this.path, {
      method: 'POST',
      body: {
        apiVersion: 'apps/v1',
        kind: this.kind,
        metadata: { name },
        spec: {
          selector: { matchLabels: { app: name } },
          template: {
            metadata: { labels: { app: name } },
            spec: { containers: [{ name, image: `example.invalid/${name}:1` }] },
          },
          ...(this.kind === 'StatefulSet' && { serviceName: name }),
          ...spec,
        },
      },
    });
  }

  get(name: string): Promise<Workload> {
    return this.namespace.client.call<Workload>(`${this.path}/${name}`);
  }

  patch(name: string, body: unknown): Promise<Workload> {
    return this.namespace.client.call<Workload>(`${this.path}/${name}?fieldManager=rollcall`, {
      method: 'PATCH',
      body,
    });
  }

  /** As it is once its status says all of this. */
  reaches(name: string, status: Readonly<Record<string, unknown>>): Promise<Workload> {
    return until(`${name} reaches ${JSON.stringify(status)}`, async () => {
      const one = await this.get(name);
      const seen = one.status.observedGeneration === one.metadata.generation;
      const wanted = Object.entries(status);
      return seen && wanted.every(([field, value]) => (one.status[field] ?? 0) === value) && one;
    });
  }

  /** Stamps of its pods, by name; absent: none. */
  async stamps(name: string): Promise<ReadonlyMap<string, string | undefined>> {
    const pods = await this.namespace.client.list(`${this.podPath}?labelSelector=app%3D${name}`);
    return new Map(
      pods.map(({ metadata }) => [
        metadata.name,
        metadata.annotations?.['kubectl.kubernetes.io/restartedAt'],
      ]),
    );
  }

  evict(pod: string) {
    return this.namespace.client.send(`${this.podPath}/${pod}/eviction`, {
      method: 'POST',
      body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: pod } },
    });
  }
}
