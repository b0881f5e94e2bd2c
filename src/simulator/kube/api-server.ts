import type { SimClock } from '../clock.ts';
import type { ApiRequest, ApiResponse } from './api.ts';
import { Controllers } from './controllers.ts';
import type { Deployment } from './deployments.ts';
import { Faults } from './faults.ts';
import type { RevertMoment } from './gitops.ts';
import { GitOpsAgent } from './gitops.ts';
import type { JobBehaviour } from './job-controller.ts';
import type { Writer } from './managed-fields.ts';
import { manifestOf } from './manifest.ts';
import { ObjectHandlers } from './object-handlers.ts';
import type { KubeObject } from './objects.ts';
import { Evictions } from './pods/evictions.ts';
import {
  daemonSetManifest,
  deploymentManifest,
  rolloutManifest,
  statefulSetManifest,
} from './prior-workloads.ts';
import type {
  PriorDaemonSet,
  PriorDeployment,
  PriorRollout,
  PriorStatefulSet,
  PriorWorkload,
} from './prior-workloads.ts';
import type { RolloutBehaviour } from './pods/rollout-behaviour.ts';
import { bootstrapPolicy } from './rbac-bootstrap.ts';
import type { KubeUser } from './rbac.ts';
import { RbacAuthorizer } from './rbac.ts';
import { RequestChain } from './request-chain.ts';
import {
  daemonSets,
  deployments,
  namespaces,
  pods,
  resourceTypes,
  rollouts,
  statefulSets,
  typeOfKind,
} from './resources.ts';
import type { ResourceType } from './resources.ts';
import { restartableType } from './restartable.ts';
import type { RestartableKind } from './restartable.ts';
import { notFound } from './status-error.ts';
import { Store } from './store.ts';
import type { TemplateGenerations } from './template-log.ts';
import { TemplateLog } from './template-log.ts';
import { Watches } from './watch.ts';
import { WriteHandlers } from './write-handlers.ts';
import { Writes } from './writes.ts';

export type { ApiRequest, ApiResponse } from './api.ts';
export type { RevertMoment } from './gitops.ts';
export type { JobBehaviour } from './job-controller.ts';
export type { FailureMode, RolloutBehaviour } from './pods/rollout-behaviour.ts';
export type {
  PriorDaemonSet,
  PriorDeployment,
  PriorRollout,
  PriorStatefulSet,
} from './prior-workloads.ts';
export type { KubeUser } from './rbac.ts';
export type { RestartableKind } from './restartable.ts';
export type { TemplateGenerations } from './template-log.ts';

export interface KubeClusterOptions {
  readonly clock: SimClock;
  /** Who a bearer token stands for; `undefined`: nobody, which is answered by 401. */
  readonly authenticate: (bearer: string) => Promise<KubeUser | undefined>;
  /** How many of the last writes a watch can go on from, at least. Default: 30 000. */
  readonly historyLimit?: number;
  /** Each has a pod of every DaemonSet. Default: 3. */
  readonly nodes?: number;
  /** The CustomResourceDefinition of Argo's Rollouts is there. Default: once one is added. */
  readonly argoRollouts?: boolean;
  /**
   * A webhook authorizes beside RBAC, as on EKS: SelfSubjectRulesReviews are incomplete. Default: false.
   */
  readonly webhookAuthorizer?: boolean;
}

const applier: Writer = { manager: 'kubectl', operation: 'Apply' };
const maker: Writer = { manager: 'kubectl-client-side-apply', operation: 'Update' };
const builtIn = resourceTypes.filter(({ custom }) => !custom);
const dayMs = 24 * 60 * 60 * 1000;

/** The Kubernetes API of one simulated cluster, and the controllers behind it. */
export class KubeCluster {
  /** Faults to be armed by tests. */
  readonly faults = new Faults();
  readonly #clock: SimClock;
  readonly #store: Store;
  readonly #writes: Writes;
  readonly #watches: Watches;
  readonly #controllers: Controllers;
  readonly #templates: TemplateLog;
  readonly #gitops: GitOpsAgent;
  readonly #chain: RequestChain;
  #argoRollouts: boolean;
  readonly #closing = new AbortController();

  constructor({
    clock,
    authenticate,
    historyLimit = 30_000,
    nodes = 3,
    argoRollouts = false,
    webhookAuthorizer = false,
  }: KubeClusterOptions) {
    this.#clock = clock;
    this.#store = new Store(historyLimit);
    this.#writes = new Writes(this.#store, clock);
    this.#watches = new Watches(this.#store, clock);
    this.#controllers = new Controllers(this.#store, this.#writes, clock, nodes);
    this.#argoRollouts = argoRollouts;
    this.#templates = new TemplateLog(this.#store);
    this.#gitops = new GitOpsAgent(this.#store, this.#writes);
    const authorizer = new RbacAuthorizer(this.#store);
    this.#chain = new RequestChain({
      authenticate,
      authorizer,
      objects: new ObjectHandlers({
        store: this.#store,
        watches: this.#watches,
        writes: new WriteHandlers(this.#store, this.#writes, authorizer),
        evictions: new Evictions(this.#store, this.#writes),
        pods: this.#controllers.pods,
        clock,
      }),
      served: () => (this.#argoRollouts ? resourceTypes : builtIn),
      webhookAuthorizer,
      faults: this.faults,
    });
    for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease'])
      this.#ensureNamespace(name);
    for (const policy of bootstrapPolicy) this.apply(policy);
  }

  /**
   * Server-side apply, as `kubectl apply --server-side --force-conflicts` does it. Throws an `Error`
   * for a kind that is not served and a `StatusError` for what the API server refuses, such as a
   * namespace that does not exist.
   */
  apply(manifest: unknown): void {
    const { type, object } = manifestOf(manifest);
    const { namespace } = object.metadata;
    if (namespace !== undefined && !this.#store.get(namespaces, undefined, namespace))
      throw notFound(namespaces, namespace);
    this.#writes.apply(type, object, applier);
  }

  /** A Deployment that was made a day ago and is rolled out; its namespace is made if need be. */
  addDeployment(prior: PriorDeployment): void {
    const object = this.#add(deployments, prior, deploymentManifest(prior));
    this.#controllers.deployments.settle(object as Deployment, prior);
  }

  /** A StatefulSet, as `addDeployment`. */
  addStatefulSet(prior: PriorStatefulSet): void {
    const object = this.#add(statefulSets, prior, statefulSetManifest(prior));
    this.#controllers.statefulSets.settle(object, prior);
  }

  /** A DaemonSet, as `addDeployment`. */
  addDaemonSet(prior: PriorDaemonSet): void {
    const object = this.#add(daemonSets, prior, daemonSetManifest(prior));
    this.#controllers.daemonSets.settle(object, prior);
  }

  /** One of Argo's Rollouts, as `addDeployment`. What it refers to must be there before. */
  addRollout(prior: PriorRollout): void {
    this.#argoRollouts = true;
    const object = this.#add(rollouts, prior, rolloutManifest(prior));
    this.#controllers.rollouts.settle(object, prior);
  }

  /** How pods behave that a workload makes from now on. Throws a `StatusError` (404) when there is none. */
  behave(
    kind: RestartableKind,
    namespace: string,
    name: string,
    behaviour: Partial<RolloutBehaviour>,
  ): void {
    const type = restartableType(kind);
    const object = this.#store.get(type, namespace, name);
    if (!object) throw notFound(type, name);
    this.#controllers.of(kind).behave(object, behaviour);
  }

  /** How Jobs end whose name begins with `prefix`. Without it they succeed after two seconds. */
  playJobs(prefix: string, behaviour: JobBehaviour): void {
    this.#controllers.jobs.play(prefix, behaviour);
  }

  /** An object as it stands; `undefined` when there is none. */
  read(kind: string, namespace: string | undefined, name: string): KubeObject | undefined {
    const type = served(kind);
    if (type === pods) this.#controllers.pods.refresh();
    return this.#store.get(type, namespace, name);
  }

  /** Deletes an object. Throws a `StatusError` (404) when there is none. */
  remove(kind: string, namespace: string | undefined, name: string): void {
    const type = served(kind);
    if (!this.#store.remove(type, namespace, name)) throw notFound(type, name);
  }

  /** Answers one request. Rejects only when a request that hangs is aborted, or the cluster closes. */
  handle(request: ApiRequest): Promise<ApiResponse> {
    const signal = AbortSignal.any([request.signal, this.#closing.signal]);
    return this.#chain.handle({ ...request, signal });
  }

  /** Has a GitOps agent undo the next stamp on a workload, once. `kind`: default `Deployment`. */
  revertStamp(namespace: string, name: string, when: RevertMoment, kind?: RestartableKind): void {
    this.#gitops.revertStamp(namespace, name, when, kind);
  }

  /** For each workload the pod templates that it was given: restarts are counted here. */
  templateGenerations(): readonly TemplateGenerations[] {
    return this.#templates.generations();
  }

  /** Ends every open watch; with `expire`, by 410. */
  dropWatches(options: { readonly expire?: boolean } = {}): void {
    this.#watches.endAll(options);
  }

  /** Forgets the history: every older resourceVersion is answered by 410. */
  compact(): void {
    this.#store.compact();
  }

  /** Ends watches and hanging requests, and stops every timer. */
  close(): void {
    this.#closing.abort(new Error('the simulated cluster is closed'));
    this.#watches.endAll();
    this.#controllers.close();
    this.#gitops.close();
    this.#templates.close();
  }

  #add(type: ResourceType, { namespace }: PriorWorkload, manifest: KubeObject): KubeObject {
    this.#ensureNamespace(namespace);
    return this.#writes.create(type, manifest, maker, { made: this.#clock.now() - dayMs });
  }

  #ensureNamespace(name: string): void {
    if (!this.#store.get(namespaces, undefined, name))
      this.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
}

function served(kind: string): ResourceType {
  const type = typeOfKind(kind);
  if (!type) throw new Error(`the simulated API server does not know the kind ${kind}`);
  return type;
}
