import type { CronHub } from './hub.ts';
import { exitCodeAnnotation, sigtermCodeAnnotation } from './exit-stages.ts';
import type { KubeObject } from '../../../support/kube-client.ts';
import { until } from '../../../support/wait.ts';

export interface Job extends KubeObject {
  readonly spec: { readonly activeDeadlineSeconds?: number; readonly backoffLimit?: number };
  readonly status: {
    readonly active?: number;
    readonly failed?: number;
    readonly succeeded?: number;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
    }[];
  };
}

export interface JobPod extends KubeObject {
  readonly spec: {
    readonly serviceAccountName: string;
    readonly containers: readonly {
      readonly env?: readonly {
        readonly name: string;
        readonly value?: string;
        readonly valueFrom?: { readonly fieldRef?: { readonly fieldPath: string } };
      }[];
    }[];
    readonly volumes?: readonly { readonly name: string }[];
  };
  readonly status: { readonly phase?: string };
}

/** How a pod of a Job ends. */
export type PodEnd =
  | { readonly kind: 'exits'; readonly code: number }
  /** Its node is drained: by the eviction API, which marks a disruption. */
  | { readonly kind: 'drained'; readonly code: number }
  /** By `kubectl delete pod`, which marks none. */
  | { readonly kind: 'deleted'; readonly code: number };

/** What the Job controller makes of its pods' ends. */
export type Verdict = 'complete' | 'goes on' | `failed: ${string}`;

/** The Jobs of a hub, as the real controllers keep them. */
export class CronJobs {
  readonly #hub: Pick<CronHub, 'cluster' | 'namespace'>;
  readonly #seen = new Set<string | undefined>();

  constructor(hub: Pick<CronHub, 'cluster' | 'namespace'>) {
    this.#hub = hub;
  }

  /** `kubectl create job --from=cronjob/…`. */
  async createByHand(cronJob: string, name: string): Promise<void> {
    await this.#kubectl('create', 'job', `--from=cronjob/${cronJob}`, name);
  }

  /** With its pods. */
  async remove(name: string): Promise<void> {
    await this.#kubectl('delete', 'job', name);
  }

  async job(name: string): Promise<Job> {
    return this.#hub.cluster.admin.call<Job>(this.#path('batch/v1', 'jobs', name));
  }

  /** Those of one CronJob, by age. */
  async jobsOf(cronJob: string): Promise<readonly Job[]> {
    const jobs = await this.#hub.cluster.admin.list(this.#path('batch/v1', 'jobs'));
    return (jobs as readonly Job[])
      .filter(({ metadata }) => metadata.ownerReferences?.some(({ name }) => name === cronJob))
      .toSorted((one, other) => one.metadata.name.localeCompare(other.metadata.name));
  }

  /** The next pod of the Job that has not been handed out yet, once it runs. */
  nextPod(job: string): Promise<JobPod> {
    return until(`a new pod of ${job} runs`, async () => {
      const pod = (await this.#podsOf(job)).find(
        ({ metadata, status }) => status.phase === 'Running' && !this.#seen.has(metadata.uid),
      );
      if (pod) this.#seen.add(pod.metadata.uid);
      return pod;
    });
  }

  async end({ metadata }: JobPod, end: PodEnd): Promise<void> {
    const { name } = metadata;
    if (end.kind === 'exits') {
      await this.#kubectl('annotate', 'pod', name, `${exitCodeAnnotation}=${end.code}`);
      return;
    }
    await this.#kubectl('annotate', 'pod', name, `${sigtermCodeAnnotation}=${end.code}`);
    if (end.kind === 'deleted') await this.#kubectl('delete', 'pod', name, '--wait=false');
    else {
      await this.#hub.cluster.admin.call(`${this.#path('v1', 'pods', name)}/eviction`, {
        method: 'POST',
        body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } },
      });
    }
  }

  /** Lets one pod after the other end, and waits for what becomes of the Job. */
  async endAll(name: string, ends: readonly PodEnd[]): Promise<Verdict> {
    for (const end of ends) await this.end(await this.nextPod(name), end);
    return this.verdict(name);
  }

  /** Until the Job has ended, or a pod that has not been handed out yet runs. */
  verdict(name: string): Promise<Verdict> {
    return until<Verdict>(`the Job ${name} ends or goes on`, async () => {
      const { status } = await this.job(name);
      for (const { type, status: holds, reason = '' } of status.conditions ?? []) {
        if (holds !== 'True') continue;
        if (type === 'Complete') return 'complete';
        if (type === 'Failed') return `failed: ${reason}`;
      }
      const pods = await this.#podsOf(name);
      return (
        pods.some((pod) => pod.status.phase === 'Running' && !this.#seen.has(pod.metadata.uid)) &&
        'goes on'
      );
    });
  }

  async #podsOf(job: string): Promise<readonly JobPod[]> {
    const selector = encodeURIComponent(`batch.kubernetes.io/job-name=${job}`);
    const path = `${this.#path('v1', 'pods')}?labelSelector=${selector}`;
    return (await this.#hub.cluster.admin.list(path)) as readonly JobPod[];
  }

  #kubectl(...args: readonly string[]): Promise<string> {
    return this.#hub.cluster.mustKubectl(['-n', this.#hub.namespace, ...args]);
  }

  #path(apiVersion: string, resource: string, name?: string): string {
    const group = apiVersion === 'v1' ? 'api/v1' : `apis/${apiVersion}`;
    const collection = `/${group}/namespaces/${this.#hub.namespace}/${resource}`;
    return name === undefined ? collection : `${collection}/${name}`;
  }
}
