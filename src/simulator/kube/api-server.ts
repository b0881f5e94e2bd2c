import type { SimClock } from '../clock.ts';
import type { ApiRequest, ApiResponse } from './api.ts';
import { DeploymentController } from './deployment-controller.ts';
import type { Deployment, PriorDeployment } from './deployments.ts';
import { deploymentManifest } from './deployments.ts';
import { Faults } from './faults.ts';
import type { RevertMoment } from './gitops.ts';
import { GitOpsAgent } from './gitops.ts';
import type { Writer } from './managed-fields.ts';
import { manifestOf } from './manifest.ts';
import { ObjectHandlers } from './object-handlers.ts';
import type { KubeObject } from './objects.ts';
import { bootstrapPolicy } from './rbac-bootstrap.ts';
import type { KubeUser } from './rbac.ts';
import { RbacAuthorizer } from './rbac.ts';
import { RequestChain } from './request-chain.ts';
import { deployments, namespaces, typeOfKind } from './resources.ts';
import type { ResourceType } from './resources.ts';
import { notFound } from './status-error.ts';
import { Store } from './store.ts';
import type { TemplateGenerations } from './template-log.ts';
import { TemplateLog } from './template-log.ts';
import { Watches } from './watch.ts';
import { WriteHandlers } from './write-handlers.ts';
import { Writes } from './writes.ts';

export type { ApiRequest, ApiResponse } from './api.ts';
export type { PriorDeployment } from './deployments.ts';
export type { RevertMoment } from './gitops.ts';
export type { KubeUser } from './rbac.ts';
export type { TemplateGenerations } from './template-log.ts';

export interface KubeClusterOptions {
  readonly clock: SimClock;
  /** Who a bearer token stands for; `undefined`: nobody, which is answered by 401. */
  readonly authenticate: (bearer: string) => Promise<KubeUser | undefined>;
  /** How many of the last writes a watch can go on from, at least. Default: 30 000. */
  readonly historyLimit?: number;
}

const applier: Writer = { manager: 'kubectl', operation: 'Apply' };
const maker: Writer = { manager: 'kubectl-client-side-apply', operation: 'Update' };
const dayMs = 24 * 60 * 60 * 1000;

/** The Kubernetes API of one simulated cluster, and the controllers behind it. */
export class KubeCluster {
  /** Faults to be armed by tests. */
  readonly faults = new Faults();
  readonly #clock: SimClock;
  readonly #store: Store;
  readonly #writes: Writes;
  readonly #watches: Watches;
  readonly #controller: DeploymentController;
  readonly #templates: TemplateLog;
  readonly #gitops: GitOpsAgent;
  readonly #chain: RequestChain;
  readonly #closing = new AbortController();

  constructor({ clock, authenticate, historyLimit = 30_000 }: KubeClusterOptions) {
    this.#clock = clock;
    this.#store = new Store(historyLimit);
    this.#writes = new Writes(this.#store, clock);
    this.#watches = new Watches(this.#store, clock);
    this.#controller = new DeploymentController(this.#store, this.#writes, clock);
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
        clock,
      }),
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
    this.#ensureNamespace(prior.namespace);
    const made = this.#clock.now() - dayMs;
    const object = this.#writes.create(deployments, deploymentManifest(prior), maker, { made });
    this.#controller.settle(object as Deployment, prior);
  }

  /** An object as it stands; `undefined` when there is none. */
  read(kind: string, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#store.get(served(kind), namespace, name);
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

  /** Has a GitOps agent undo the next stamp on a Deployment, once. */
  revertStamp(namespace: string, name: string, when: RevertMoment): void {
    this.#gitops.revertStamp(namespace, name, when);
  }

  /** For each Deployment the pod templates that it was given: restarts are counted here. */
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
    this.#controller.close();
    this.#gitops.close();
    this.#templates.close();
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
