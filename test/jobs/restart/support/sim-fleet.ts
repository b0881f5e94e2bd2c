import type { RestartPlan } from '../../../../src/plan/restart-plan.ts';
import type { AccountId, Region, RoleArn } from '../../../../src/names/arn.ts';
import { KubeCluster, type ApiResponse } from '../../../../src/simulator/kube/api-server.ts';
import { VirtualClock } from '../../../../src/simulator/virtual-clock.ts';
import { LinkError, WatchExpired } from '../../../../jobs/restart/link-error.ts';
import { toObserved } from '../../../../jobs/restart/kube/to-observed.ts';
import type {
  Clusters,
  WatchEvent,
  WorkloadQuery,
  Workloads,
} from '../../../../jobs/restart/ports.ts';
import { MemoryRecordStore, Process, virtualJobClock } from './attempt.ts';
import { restart, type RestartResult } from '../../../../jobs/restart/restart.ts';
import type { Report } from '../../../../jobs/restart/report.ts';

export interface SimDeployment {
  readonly name: string;
  readonly rolloutSeconds?: number;
  readonly replicas?: number;
  readonly paused?: boolean;
  readonly failing?: boolean;
}

/** Clusters named `c0`, `c1`, …, each with the same Deployments in namespace `sts`. */
export class SimFleet {
  readonly clock = new VirtualClock(Date.UTC(2026, 10, 23, 2, 15, 7));
  readonly jobClock = virtualJobClock(this.clock);
  readonly clusters = new Map<string, KubeCluster>();
  readonly store = new MemoryRecordStore();
  readonly deployments: readonly SimDeployment[];
  /** Requests sent to all clusters so far, by what they are. */
  readonly requests: Record<string, number> = {};
  /** Milliseconds each way. */
  latency = 5;

  constructor(count: number, deployments: readonly SimDeployment[]) {
    this.deployments = deployments;
    for (let index = 0; index < count; index += 1) {
      const cluster = new KubeCluster({
        clock: this.clock,
        authenticate: (bearer) =>
          Promise.resolve({ username: bearer, groups: ['system:masters', 'system:authenticated'] }),
      });
      for (const { name, ...rest } of deployments) {
        cluster.addDeployment({
          namespace: 'sts',
          name,
          replicas: 2,
          rolloutSeconds: 20,
          ...rest,
        });
      }
      this.clusters.set(`c${index}`, cluster);
    }
  }

  plan(overrides: Partial<RestartPlan> = {}): RestartPlan {
    return {
      version: 1,
      fleet: 'test',
      restart: 'nightly',
      service: 'restarter',
      cronJob: 'nightly',
      identity: {
        kind: 'irsa',
        roleArn: 'arn:aws:iam::111122223333:role/hub' as RoleArn,
        region: 'eu-west-1' as Region,
      },
      record: { namespace: 'sts', configMaps: ['nightly-record-0'], perShard: 2000 },
      strategy: { maxConcurrentClusters: 10, maxConcurrentRollouts: 5, timeoutSeconds: 300 },
      targets: [...this.clusters.keys()].map((cluster) => ({
        cluster,
        eksCluster: cluster,
        account: '444455556666' as AccountId,
        region: 'eu-west-1' as Region,
        partition: 'aws',
        roleArn: 'arn:aws:iam::444455556666:role/target' as RoleArn,
        workloads: [
          {
            namespace: 'sts',
            kind: 'Deployment',
            names: this.deployments.map(({ name }) => name),
          },
        ],
      })),
      ...overrides,
    };
  }

  /** One attempt, which goes on as virtual time does. */
  start(plan: RestartPlan, instant: number, process = new Process()): Promise<RestartResult> {
    return restart({
      plan: { kind: 'plan', plan, digest: JSON.stringify(plan) },
      instant,
      clock: this.jobClock,
      clusters: this.ports(process),
      store: {
        read: (name) => process.call(this.jobClock, this.latency, () => this.store.read(name)),
        write: (name, data, version) =>
          process.call(this.jobClock, this.latency, () => this.store.write(name, data, version)),
      },
      terminate: process.terminate.signal,
      graceMs: 60_000,
      onProgress: () => undefined,
    });
  }

  /** Runs one attempt to its end, on virtual time. */
  async run(plan: RestartPlan, instant: number, process?: Process): Promise<Report> {
    return this.finish(this.start(plan, instant, process));
  }

  async finish(attempt: Promise<RestartResult>): Promise<Report> {
    const done = { result: undefined as RestartResult | undefined, error: undefined as unknown };
    attempt.then(
      (result) => (done.result = result),
      (error: unknown) => (done.error = error),
    );
    for (let minutes = 0; minutes < 600 && !done.result && !done.error; minutes += 1) {
      await this.clock.run(6_000);
    }
    if (done.error) throw done.error as Error;
    if (done.result?.kind !== 'report') throw new Error(JSON.stringify(done.result ?? 'no end'));
    return done.result.report;
  }

  /** How often each workload was stamped: a stamp that was undone and set again counts twice. */
  restarts(): readonly number[] {
    return [...this.clusters.values()].flatMap((cluster) =>
      cluster
        .templateGenerations()
        .map(({ revisions }) => revisions.filter(({ restartedAt }) => restartedAt).length),
    );
  }

  cluster(name: string): KubeCluster {
    const cluster = this.clusters.get(name);
    if (!cluster) throw new Error(`no cluster ${name}`);
    return cluster;
  }

  ports(process: Process): Clusters {
    return {
      connect: (target) =>
        process.call(this.jobClock, this.latency, () =>
          Promise.resolve({
            workloads: this.#workloads(this.cluster(target.cluster), process),
            close: () => Promise.resolve(),
          }),
        ),
    };
  }

  #workloads(cluster: KubeCluster, process: Process): Workloads {
    const base = (namespace: string): string => `/apis/apps/v1/namespaces/${namespace}/deployments`;
    const send = (
      method: string,
      path: string,
      signal: AbortSignal,
      body?: unknown,
    ): Promise<ApiResponse> => {
      const verb = path.includes('watch=1') ? 'WATCH' : method;
      this.requests[verb] = (this.requests[verb] ?? 0) + 1;
      return process.call(this.jobClock, this.latency, () =>
        cluster.handle({
          method,
          path,
          headers: {
            authorization: 'Bearer sts',
            ...(method === 'PATCH' ? { 'content-type': 'application/merge-patch+json' } : {}),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          signal,
        }),
      );
    };
    const selector = ({ name }: WorkloadQuery): string =>
      name === undefined ? '' : `&fieldSelector=metadata.name%3D${name}`;
    const { jobClock } = this;
    return {
      async list(query, signal) {
        const body = bodyOf(
          await send('GET', `${base(query.namespace)}?limit=500${selector(query)}`, signal),
        );
        const { items, metadata } = body as {
          items: unknown[];
          metadata: { resourceVersion: string };
        };
        return { items: items.map(toObserved), resourceVersion: metadata.resourceVersion };
      },
      async *watch(query, resourceVersion, signal): AsyncGenerator<WatchEvent> {
        const path = `${base(query.namespace)}?watch=1&resourceVersion=${resourceVersion}${selector(query)}`;
        const response = await send('GET', path, signal);
        if (response.kind !== 'stream') throw failure(response);
        for await (const line of response.lines) {
          const { type, object } = line as { type: string; object: { code?: number } };
          if (type === 'ERROR' && object.code === 410) throw new WatchExpired();
          await process.call(jobClock, 0, () => Promise.resolve());
          if (type === 'ADDED' || type === 'MODIFIED')
            yield { type: 'changed', object: toObserved(object) };
          if (type === 'DELETED') yield { type: 'deleted', object: toObserved(object) };
        }
      },
      async get(namespace, name, signal) {
        const response = await send('GET', `${base(namespace)}/${name}`, signal);
        return response.kind === 'json' && response.status === 404
          ? undefined
          : toObserved(bodyOf(response));
      },
      async patch(namespace, name, stamp, signal) {
        const annotations = { 'kubectl.kubernetes.io/restartedAt': stamp.instant };
        const response = await send(
          'PATCH',
          `${base(namespace)}/${name}?fieldManager=rollcall`,
          signal,
          {
            metadata: {
              resourceVersion: stamp.resourceVersion,
              annotations: { 'rollcall.dev/run': `${stamp.instant}/${stamp.restart}` },
            },
            spec: { template: { metadata: { annotations } } },
          },
        );
        if (response.status === 409) return { kind: 'conflict' };
        if (response.status === 404) return { kind: 'notFound' };
        return { kind: 'patched', object: toObserved(bodyOf(response)) };
      },
    };
  }
}

function bodyOf(response: ApiResponse): unknown {
  if (response.kind === 'json' && response.status < 300) return response.body;
  throw failure(response);
}

function failure(response: ApiResponse): LinkError {
  const message = response.kind === 'json' ? JSON.stringify(response.body) : 'a stream';
  if (response.status === 401) return new LinkError('mapping', message);
  if (response.status === 403) return new LinkError('rbac', message);
  return new LinkError('network', message);
}
