import { established } from '../manifests/established.ts';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ArtifactServer, type Artifact } from './artifact-server.ts';
import { controllerArguments } from './controller-arguments.ts';
import { binary, dataFolder } from '../process/binaries.ts';
import { makeNamespace } from '../fleet/apply.ts';
import type { RealCluster } from '../cluster/cluster.ts';
import { Daemon } from '../process/daemon.ts';
import type { KubeObject } from '../../../support/kube-client.ts';
import { freePorts } from '../process/ports.ts';
import { Hopeless, until } from '../../../support/wait.ts';

/** Its own objects stand there. */
const namespace = 'flux-system';
const sources = `/apis/source.toolkit.fluxcd.io/v1/namespaces/${namespace}/gitrepositories`;
const kustomizations = `/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/${namespace}/kustomizations`;
/** What `flux reconcile` sets (fluxcd/pkg, apis/meta/annotations.go). */
const requestedAt = 'reconcile.fluxcd.io/requestedAt';

export interface KustomizationOptions {
  /** Name of the source. */
  readonly source: string;
  /** The folder within it, such as `./golf-prd`. */
  readonly path: string;
  /** Default: true. A reconcile is done only when all that it applied is ready. */
  readonly wait?: boolean;
}

interface Source extends KubeObject {
  readonly status: { readonly artifact: Artifact };
}

interface Kustomization extends KubeObject {
  readonly spec: { readonly sourceRef: { readonly name: string } };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly lastHandledReconcileAt?: string;
    readonly lastAppliedRevision?: string;
    readonly inventory?: { readonly entries: readonly { readonly id: string }[] };
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason: string;
      readonly message: string;
    }[];
  };
}

/**
 * A real kustomize-controller on a cluster. source-controller's part is played: its GitRepository
 * names a tarball on a loopback server.
 */
export class Flux {
  readonly #cluster: RealCluster;
  readonly #artifacts: ArtifactServer;
  readonly #controller: Daemon;
  #requests = 0;

  private constructor(cluster: RealCluster, artifacts: ArtifactServer, controller: Daemon) {
    this.#cluster = cluster;
    this.#artifacts = artifacts;
    this.#controller = controller;
  }

  /** @param folder where its files go; other files of the machine are not touched */
  static async start(cluster: RealCluster, folder: string): Promise<Flux> {
    for (const crds of ['kustomize-crds', 'source-crds']) {
      const files = dataFolder('kustomize-controller', crds);
      await cluster.mustKubectl(['apply', '--server-side', '-f', files]);
    }
    await established(cluster);
    await makeNamespace(cluster, namespace);
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary, { recursive: true });
    const artifacts = await ArtifactServer.start(join(folder, 'artifacts'));
    const [health = 0, metrics = 0] = await freePorts(2);
    const controller = new Daemon({
      program: binary('kustomize-controller'),
      args: controllerArguments({ health, metrics }),
      // It empties the temporary folder of what its earlier processes left.
      environment: {
        KUBECONFIG: cluster.kubeconfig,
        RUNTIME_NAMESPACE: namespace,
        TMPDIR: temporary,
      },
      cwd: folder,
      logFile: join(folder, 'kustomize-controller.log'),
    });
    return new Flux(cluster, artifacts, controller);
  }

  /** What is committed to the repository: the whole tree. Kustomizations of it are reconciled by themselves. */
  async commit(source: string, tree: string): Promise<void> {
    const { admin } = this.#cluster;
    if (!(await admin.find(`${sources}/${source}`))) {
      await admin.call(sources, {
        method: 'POST',
        body: {
          apiVersion: 'source.toolkit.fluxcd.io/v1',
          kind: 'GitRepository',
          metadata: { name: source },
          spec: { interval: '1h', url: `https://git.invalid/${source}.git` },
        },
      });
    }
    await admin.call(`${sources}/${source}/status`, {
      method: 'PATCH',
      body: { status: { artifact: await this.#artifacts.publish(tree) } },
    });
  }

  /** Of what is committed now. */
  async revision(source: string): Promise<string> {
    const { status } = await this.#cluster.admin.call<Source>(`${sources}/${source}`);
    return status.artifact.revision;
  }

  /** Made with pruning and force, and reconciled. */
  async kustomize(name: string, { source, path, wait = true }: KustomizationOptions) {
    await this.#cluster.admin.call(kustomizations, {
      method: 'POST',
      body: {
        apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
        kind: 'Kustomization',
        metadata: { name },
        spec: {
          // Only what a test asks for: no reconcile comes by itself.
          interval: '1h',
          timeout: '2m',
          sourceRef: { kind: 'GitRepository', name: source },
          path,
          prune: true,
          wait,
          force: true,
        },
      },
    });
    await this.#reconciled(name);
  }

  /** As `flux reconcile kustomization`: applied again, whether or not anything was committed. */
  async reconcile(name: string): Promise<void> {
    this.#requests += 1;
    const request = `request-${this.#requests}`;
    await this.#cluster.admin.call(`${kustomizations}/${name}`, {
      method: 'PATCH',
      body: { metadata: { annotations: { [requestedAt]: request } } },
    });
    await this.#reconciled(name, request);
  }

  /** What it has applied, an id each. */
  async inventory(name: string): Promise<readonly string[]> {
    const { status } = await this.#cluster.admin.call<Kustomization>(`${kustomizations}/${name}`);
    return (status?.inventory?.entries ?? []).map(({ id }) => id);
  }

  /** Takes the Kustomization away, and with it what it may prune. */
  async remove(name: string): Promise<void> {
    const path = `${kustomizations}/${name}`;
    await this.#cluster.admin.call(path, { method: 'DELETE' });
    await until(`Kustomization ${name} is gone`, async () => {
      return (await this.#cluster.admin.find(path)) === undefined;
    });
  }

  async stop(): Promise<void> {
    await this.#controller.stop();
    await this.#artifacts.close();
  }

  /** Waits until it is: what is committed now, and since the request. */
  async #reconciled(name: string, request?: string): Promise<void> {
    const { admin } = this.#cluster;
    await until(`Flux has reconciled ${name}`, async () => {
      if (!this.#controller.running) throw new Hopeless(this.#controller.failure());
      const { metadata, spec, status } = await admin.call<Kustomization>(
        `${kustomizations}/${name}`,
      );
      const ready = status?.conditions?.find(({ type }) => type === 'Ready');
      if (ready?.status === 'False') throw new Hopeless(`${ready.reason}: ${ready.message}`);
      const revision = await this.revision(spec.sourceRef.name);
      return (
        ready?.status === 'True' &&
        status?.observedGeneration === metadata.generation &&
        status?.lastHandledReconcileAt === request &&
        status?.lastAppliedRevision === revision
      );
    });
  }
}
