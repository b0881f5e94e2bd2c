import { controllerArguments } from './controller-arguments.ts';
import { established } from '../manifests/established.ts';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RealCluster } from '../cluster/cluster.ts';
import { makeNamespace } from '../fleet/apply.ts';
import { binary, dataFolder } from '../process/binaries.ts';
import { Daemon } from '../process/daemon.ts';
import { freePorts } from '../process/ports.ts';

const names = ['source-controller', 'kustomize-controller', 'helm-controller'] as const;
type Name = (typeof names)[number];

/** The folder of each one's CustomResourceDefinitions. */
const crds: Readonly<Record<Name, string>> = {
  'source-controller': 'crds',
  'kustomize-controller': 'kustomize-crds',
  'helm-controller': 'crds',
};

/** Flux whole: sources, Kustomizations and HelmReleases are worked on by their own controllers. */
export class FluxControllers {
  readonly #daemons: ReadonlyMap<Name, Daemon>;

  private constructor(daemons: ReadonlyMap<Name, Daemon>) {
    this.#daemons = daemons;
  }

  /** @param folder where their files go */
  static async start(cluster: RealCluster, folder: string): Promise<FluxControllers> {
    for (const name of names) {
      const files = dataFolder(name, crds[name]);
      await cluster.mustKubectl(['apply', '--server-side', '-f', files]);
    }
    await established(cluster);
    await makeNamespace(cluster, 'flux-system');
    const ports = (await freePorts(7)).values();
    const port = (): number => ports.next().value ?? 0;
    mkdirSync(join(folder, 'artifacts'), { recursive: true });
    const daemons = new Map<Name, Daemon>();
    for (const name of names) {
      const temporary = join(folder, name, 'tmp');
      mkdirSync(temporary, { recursive: true });
      daemons.set(
        name,
        new Daemon({
          program: binary(name),
          args: [
            ...controllerArguments({ health: port(), metrics: port() }),
            ...(name === 'source-controller' ? storageArguments(folder, port()) : []),
          ],
          environment: {
            KUBECONFIG: cluster.kubeconfig,
            RUNTIME_NAMESPACE: 'flux-system',
            TMPDIR: temporary,
          },
          cwd: join(folder, name),
          logFile: join(folder, `${name}.log`),
        }),
      );
    }
    return new FluxControllers(daemons);
  }

  /** Why one of them is not running; undefined while all are. */
  failure(): string | undefined {
    return [...this.#daemons.values()].find(({ running }) => !running)?.failure();
  }

  log(name: Name): string {
    return this.#daemons.get(name)?.log() ?? '';
  }

  async stop(): Promise<void> {
    for (const daemon of this.#daemons.values()) await daemon.stop();
  }
}

const storageArguments = (folder: string, port: number): readonly string[] => [
  `--storage-path=${join(folder, 'artifacts')}`,
  `--storage-addr=127.0.0.1:${port}`,
  `--storage-adv-addr=127.0.0.1:${port}`,
];
