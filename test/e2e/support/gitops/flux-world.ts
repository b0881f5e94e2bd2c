import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { writeOutput } from '../../../../charts/write.ts';
import { treeOf } from '../../../charts/support/examples.ts';
import { startCluster, type RealCluster } from '../cluster/cluster.ts';
import { startEtcd, type Etcd } from '../cluster/etcd.ts';
import { FluxControllers } from './flux-controllers.ts';
import { fluxSystem } from './flux-system.ts';
import { GitServer } from './git-server.ts';
import { HelmRepository } from './helm-repository.ts';
import { Registry } from './registry.ts';

/** The output's folder in the repository. */
export const outputPath = 'every-way/dist';

/** What the bootstrap reads. */
export const root = { kind: 'GitRepository', name: 'flux-system' } as const;
export const kustomization = (name: string) => ({ kind: 'Kustomization', name }) as const;
export const release = (name: string, namespace = 'flux-system') =>
  ({ kind: 'HelmRelease', name, namespace }) as const;

/** What Flux reads: a repository of the team's, a registry, a repository of charts; and clusters with it. */
export class FluxWorld {
  readonly folder: string;
  readonly git: GitServer;
  readonly registry: Registry;
  readonly charts: HelmRepository;
  readonly #etcd: Etcd;

  private constructor(
    folder: string,
    etcd: Etcd,
    git: GitServer,
    registry: Registry,
    charts: HelmRepository,
  ) {
    this.folder = folder;
    this.#etcd = etcd;
    this.git = git;
    this.registry = registry;
    this.charts = charts;
  }

  static async start(folder: string): Promise<FluxWorld> {
    const etcd = await startEtcd(folder);
    const git = await GitServer.start(join(folder, 'git'));
    const registry = await Registry.start(folder);
    const charts = await HelmRepository.start(join(folder, 'charts'));
    return new FluxWorld(folder, etcd, git, registry, charts);
  }

  /** `rollcall synth --format flux`, committed. What is not on this machine comes from a mirror. */
  commit(fleetFile: string): Promise<string> {
    return this.git.commit((repository) => {
      const dist = join(repository, outputPath);
      writeOutput(treeOf(fleetFile, 'flux'), dist, { overwriteEdited: true });
      const mirror = (file: string, from: string, to: string): void => {
        if (!existsSync(join(dist, file))) return;
        const there = readFileSync(join(dist, file), 'utf8');
        writeFileSync(join(dist, file), there.replace(from, to));
      };
      mirror('infrastructure/cert-manager/cert-manager.yaml', 'quay.io', this.registry.host);
      const charts = 'https://docs.tigera.io/calico/charts';
      mirror('infrastructure/calico/calico.yaml', charts, this.charts.url);
      mirror(
        'infrastructure/calico-crds/calico-crds.yaml',
        'url: https://github.com/projectcalico/calico',
        `url: ${this.git.url}\n  secretRef: { name: rollcall-deploy-key }`,
      );
    });
  }

  /** A cluster as `flux bootstrap` leaves it. */
  async bootstrap(name: string): Promise<{ cluster: RealCluster; flux: FluxControllers }> {
    const place = join(this.folder, name);
    const cluster = await startCluster({ name, folder: place, etcd: this.#etcd });
    const flux = await FluxControllers.start(cluster, join(this.folder, `flux-${name}`));
    const sync = fluxSystem(this.git.url, `./${outputPath}/clusters/${name}`);
    const own = `${outputPath}/clusters/${name}/flux-system`;
    await this.git.commit((repository) => {
      mkdirSync(join(repository, own), { recursive: true });
      const text = sync.map((object) => stringify(object)).join('---\n');
      writeFileSync(join(repository, own, 'gotk-sync.yaml'), text);
    });
    const stringData = this.git.deployKey;
    // The second is for what plays Calico's repository, which is public.
    const keys = ['flux-system', 'tigera-operator'].flatMap((namespace) => [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'rollcall-deploy-key', namespace },
        stringData,
      },
    ]);
    const items = [...keys, ...sync];
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    await cluster.mustKubectl(['apply', '--server-side', '-f', '-'], { input });
    return { cluster, flux };
  }

  async stop(): Promise<void> {
    await this.charts.close();
    await this.registry.stop();
    await this.git.close();
    await this.#etcd.stop();
  }
}
