import type { RestartPlan } from '../../../../src/plan/restart-plan.ts';
import { KubeCluster } from '../../../../src/simulator/kube/api-server.ts';
import { VirtualClock } from '../../../../src/simulator/virtual-clock.ts';
import { LinkError, type Link } from '../../../../jobs/restart/link-error.ts';
import type { Clusters, Workloads } from '../../../../jobs/restart/ports.ts';
import { MemoryRecordStore, Process, virtualJobClock } from './attempt.ts';
import { makePlan } from './plan.ts';
import { simWorkloads, type Send } from './sim-workloads.ts';
import { restart, type RestartResult } from '../../../../jobs/restart/restart.ts';
import type { Report } from '../../../../jobs/restart/report.ts';

/** The answer is lost, and the request before it too, or not, or it comes through much later. */
export type Fault = 'ok' | 'before' | 'after' | 'late';

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
  /** What becomes of the next patches, and of the next writes of the record; `ok` after the last. */
  patchFaults: Fault[] = [];
  writeFaults: Fault[] = [];
  /** Patches that took effect, by `cluster/name@instant`. */
  readonly landed = new Map<string, number>();

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
    const names = this.deployments.map(({ name }) => name);
    return makePlan([...this.clusters.keys()], names, overrides);
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
          this.#faulty(this.writeFaults, 'record', () =>
            process.call(this.jobClock, this.latency, () => this.store.write(name, data, version)),
          ),
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
    const [result] = await this.finishAll([attempt]);
    if (result?.kind !== 'report') throw new Error(JSON.stringify(result));
    return result.report;
  }

  /** Lets time pass until every attempt has ended; an attempt that never does is an error. */
  async finishAll(attempts: readonly Promise<RestartResult>[]): Promise<readonly RestartResult[]> {
    let ended = 0;
    const all = Promise.all(
      attempts.map((attempt) =>
        attempt.finally(() => {
          ended += 1;
        }),
      ),
    );
    all.catch(() => undefined);
    for (let round = 0; ended < attempts.length; round += 1) {
      if (round === 600) throw new Error('an attempt does not end');
      await this.clock.run(6_000);
    }
    return all;
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

  async #faulty<T>(faults: Fault[], link: Link, send: () => Promise<T>): Promise<T> {
    const fault = faults.shift() ?? 'ok';
    if (fault === 'ok') return send();
    if (fault === 'after') await send();
    if (fault === 'late') this.clock.after(700, () => void send().catch(() => undefined));
    throw new LinkError(link, 'the answer was lost', { transient: true });
  }

  ports(process: Process): Clusters {
    return {
      connect: (target) =>
        process.call(this.jobClock, this.latency, () =>
          Promise.resolve({
            workloads: this.#workloads(target.cluster, process),
            close: () => Promise.resolve(),
          }),
        ),
    };
  }

  #workloads(name: string, process: Process): Workloads {
    const cluster = this.cluster(name);
    const send: Send = (method, path, signal, body) => {
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
    const alive = () => process.call(this.jobClock, 0, () => Promise.resolve());
    const workloads = simWorkloads(send, alive);
    return {
      ...workloads,
      patch: (namespace, workload, stamp, signal) =>
        this.#faulty(this.patchFaults, 'network', async () => {
          const result = await workloads.patch(namespace, workload, stamp, signal);
          const key = `${name}/${workload}@${stamp.instant}`;
          if (result.kind === 'patched') this.landed.set(key, (this.landed.get(key) ?? 0) + 1);
          return result;
        }),
    };
  }
}
