import type { RestartPlan } from '../../../../src/plan/restart-plan.ts';
import { KubeCluster } from '../../../../src/simulator/kube/api-server.ts';
import { VirtualClock } from '../../../../src/simulator/virtual-clock.ts';
import { LinkError, type Link } from '../../../../jobs/restart/link-error.ts';
import type { Clusters, Hub, Pods, Reviews, Workloads } from '../../../../jobs/restart/ports.ts';
import { MemoryLeaseStore, MemoryRecordStore, Process, virtualJobClock } from './attempt.ts';
import { makePlan, type PlanOverrides } from './plan.ts';
import { simWorkloads, type Send } from './sim-workloads.ts';
import {
  restart,
  type RestartOptions,
  type RestartResult,
} from '../../../../jobs/restart/restart.ts';
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
  /** By its name: restarts of another name have another one. */
  readonly leases = new Map<string, MemoryLeaseStore>();
  readonly deployments: readonly SimDeployment[];
  /** What the attempts have told. */
  readonly lines: string[] = [];
  /** Clusters that can't be reached. */
  readonly unreachable = new Set<string>();
  /** What is in the way. */
  blocking: string | undefined;
  /** No request to the hub has an answer. */
  hubHangs = false;
  #pods = 0;
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

  plan(overrides: PlanOverrides = {}): RestartPlan {
    const names = this.deployments.map(({ name }) => name);
    return makePlan([...this.clusters.keys()], names, overrides);
  }

  /** What an operator writes on the run record. */
  annotate(annotations: Readonly<Record<string, string>>): void {
    const shard = this.store.shards.get('nightly-record-0');
    this.store.shards.set('nightly-record-0', {
      data: shard?.data ?? {},
      annotations: { ...shard?.annotations, ...annotations },
      resourceVersion: String(Number(shard?.resourceVersion ?? '0') + 1),
    });
  }

  /** One attempt, which goes on as virtual time does. */
  start(
    plan: RestartPlan,
    instant: number,
    process = new Process(),
    extra: Pick<RestartOptions, 'dryRun' | 'lockWaitMs' | 'onReport'> = {},
  ): Promise<RestartResult> {
    return restart({
      ...extra,
      plan: { kind: 'plan', plan, digest: JSON.stringify(plan) },
      instant,
      clock: this.jobClock,
      holder: `pod-${(this.#pods += 1)}`,
      clusters: this.ports(process),
      hub: this.#hub(plan.record.lease, process),
      terminate: process.terminate.signal,
      graceMs: 60_000,
      onProgress: (line) => this.lines.push(line),
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

  #hub(lease: string, process: Process): Hub {
    const leases = this.leases.get(lease) ?? new MemoryLeaseStore();
    this.leases.set(lease, leases);
    const call = <T>(act: () => Promise<T>): Promise<T> =>
      this.hubHangs
        ? new Promise<T>(() => undefined)
        : process.call(this.jobClock, this.latency, act);
    return {
      store: {
        read: (name) => call(() => this.store.read(name)),
        write: (name, data, version) =>
          this.#faulty(this.writeFaults, 'record', () =>
            call(() => this.store.write(name, data, version)),
          ),
      },
      lease: {
        read: () => call(() => leases.read()),
        write: (wanted) => call(() => leases.write(wanted)),
      },
      check: () =>
        call(() =>
          Promise.resolve({
            kind: this.blocking === undefined ? 'no' : 'yes',
            message: this.blocking ?? 'quiet',
          }),
        ),
      gateJob: () => Promise.resolve({ kind: 'succeeded' }),
      close: () => Promise.resolve(),
    };
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
          this.unreachable.has(target.cluster)
            ? Promise.reject(new LinkError('network', 'no answer'))
            : Promise.resolve({
                workloads: this.#workloads(target.cluster, process),
                reviews: allAllowed,
                pods: noPods,
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
      patch: (id, stamp, signal) =>
        this.#faulty(this.patchFaults, 'network', async () => {
          const result = await workloads.patch(id, stamp, signal);
          const key = `${name}/${id.name}@${stamp.instant}`;
          if (result.kind === 'patched') this.landed.set(key, (this.landed.get(key) ?? 0) + 1);
          return result;
        }),
    };
  }
}

const allAllowed: Reviews = {
  rules: () => Promise.resolve({ rules: [everything], incomplete: false }),
  allowed: () => Promise.resolve(true),
};

const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [] };

const noPods: Pods = {
  diagnose: () => Promise.resolve({ summary: '', hopeless: false }),
  evictOne: () => Promise.resolve({ kind: 'none' }),
  announce: () => Promise.resolve(),
};
