import { established } from '../manifests/established.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hopeless, until } from '../../../support/wait.ts';
import type { RealCluster } from '../cluster/cluster.ts';
import { makeNamespace } from '../fleet/apply.ts';
import { binary, dataFolder } from '../process/binaries.ts';
import { Daemon } from '../process/daemon.ts';
import { freePorts } from '../process/ports.ts';
import type { GitServer } from './git-server.ts';
import { Redis } from './redis.ts';

const namespace = 'argocd';
export const applications = `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/applications`;

export interface Application {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly sync?: { readonly status: string; readonly revision?: string };
    readonly health?: { readonly status: string };
    readonly operationState?: {
      readonly phase: string;
      readonly message?: string;
      readonly finishedAt?: string;
      readonly syncResult?: {
        readonly revision: string;
        readonly resources?: readonly { readonly kind: string; readonly message: string }[];
      };
    };
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
  };
}

/** A real Argo CD on one cluster, which knows others by name: its controllers and its repo server. Redis is played. */
export class ArgoCd {
  readonly #cluster: RealCluster;
  readonly #redis: Redis;
  readonly #daemons: readonly Daemon[];

  private constructor(cluster: RealCluster, redis: Redis, daemons: readonly Daemon[]) {
    this.#cluster = cluster;
    this.#redis = redis;
    this.#daemons = daemons;
  }

  /**
   * @param folder where its files go
   * @param known every cluster that it may apply to
   */
  static async start(
    cluster: RealCluster,
    known: readonly RealCluster[],
    git: GitServer,
    folder: string,
  ): Promise<ArgoCd> {
    await cluster.mustKubectl(['apply', '--server-side', '-k', dataFolder('argocd', 'crds')]);
    await established(cluster);
    await makeNamespace(cluster, namespace);
    const items = [...settings(git), ...known.map(clusterSecret)];
    const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
    await cluster.mustKubectl(['apply', '--server-side', '-f', '-'], { input });

    const redis = await Redis.start();
    const ports = (await freePorts(6)).values();
    const port = (): number => ports.next().value ?? 0;
    const repositories = port();
    const ssh = join(folder, 'ssh');
    for (const name of ['ssh', 'tls', 'tmp', 'plugins'])
      mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(ssh, 'ssh_known_hosts'), git.deployKey.known_hosts);
    const start = (name: string, args: readonly string[]): Daemon =>
      new Daemon({
        program: binary('argocd'),
        args,
        environment: {
          ARGOCD_BINARY_NAME: name,
          ARGOCD_GPG_ENABLED: 'false',
          ARGOCD_SSH_DATA_PATH: ssh,
          ARGOCD_TLS_DATA_PATH: join(folder, 'tls'),
          ARGOCD_PLUGINSOCKFILEPATH: join(folder, 'plugins'),
          KUBECONFIG: cluster.kubeconfig,
          TMPDIR: join(folder, 'tmp'),
        },
        logFile: join(folder, `${name}.log`),
      });
    const toRepositories = [`127.0.0.1:${repositories}`, '--repo-server-plaintext'];
    const own = ['--kubeconfig', cluster.kubeconfig, '--namespace', namespace];
    return new ArgoCd(cluster, redis, [
      start('argocd-repo-server', [
        ...['--address', '127.0.0.1', '--port', String(repositories), '--disable-tls'],
        ...['--metrics-address', '127.0.0.1', '--metrics-port', String(port())],
        ...['--redis', redis.address],
      ]),
      start('argocd-applicationset-controller', [
        ...own,
        ...['--argocd-repo-server', ...toRepositories],
        ...['--metrics-addr', `127.0.0.1:${port()}`, '--probe-addr', `127.0.0.1:${port()}`],
        ...['--webhook-addr', `127.0.0.1:${port()}`],
      ]),
      start('argocd-application-controller', [
        ...own,
        ...['--repo-server', ...toRepositories, '--redis', redis.address],
        // Only what a test asks for: no refresh comes by itself.
        ...['--app-resync', '3600', '--metrics-port', String(port())],
      ]),
    ]);
  }

  async application(name: string): Promise<Application | undefined> {
    const ended = this.#daemons.find(({ running }) => !running);
    if (ended) throw new Hopeless(ended.failure());
    return this.#cluster.admin.find(`${applications}/${name}`);
  }

  /** As `argocd app get --hard-refresh`: Git is read again. */
  async refresh(name: string): Promise<void> {
    await this.#cluster.admin.call(`${applications}/${name}`, {
      method: 'PATCH',
      body: { metadata: { annotations: { 'argocd.argoproj.io/refresh': 'hard' } } },
    });
    await until(`${name} is refreshed`, async () => {
      const found = await this.#cluster.admin.find(`${applications}/${name}`);
      return found?.metadata.annotations?.['argocd.argoproj.io/refresh'] === undefined;
    });
  }

  /** Waits until it is synced to a commit and healthy. */
  async synced(name: string, revision: string): Promise<Application> {
    let last: Application['status'];
    const ask = async () => {
      const found = await this.application(name);
      last = found?.status;
      const isDone =
        last?.sync?.status === 'Synced' &&
        last.sync.revision === revision &&
        last.health?.status === 'Healthy' &&
        last.operationState?.phase === 'Succeeded';
      return isDone ? found : undefined;
    };
    try {
      return await until(`${name} is synced`, ask);
    } catch (error) {
      throw new Error(`${name}: ${JSON.stringify(last, null, 1).slice(0, 4000)}`, { cause: error });
    }
  }

  async stop(): Promise<void> {
    for (const daemon of this.#daemons) await daemon.stop();
    await this.#redis.close();
  }
}

/** What its installation makes, as far as it is asked for; and the repository, by its deploy key. */
const settings = (git: GitServer): readonly object[] => [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: own('argocd-cm') },
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: own('argocd-ssh-known-hosts-cm') },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: own('argocd-secret'),
    stringData: { 'server.secretkey': 'not asked for' },
  },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: own('fleet', 'repository'),
    stringData: { type: 'git', url: git.url, sshPrivateKey: git.deployKey.identity },
  },
];

/** As `argocd cluster add --name` makes it. */
function clusterSecret({ name, admin }: RealCluster): object {
  const { url, ca, token } = admin.endpoint;
  const tlsClientConfig = { caData: Buffer.from(ca).toString('base64') };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: own(`cluster-${name}`, 'cluster'),
    stringData: {
      name,
      server: url,
      config: JSON.stringify({ bearerToken: token, tlsClientConfig }),
    },
  };
}

const own = (name: string, secretType?: string): object => ({
  name,
  namespace,
  labels: {
    'app.kubernetes.io/part-of': 'argocd',
    ...(secretType === undefined ? {} : { 'argocd.argoproj.io/secret-type': secretType }),
  },
});
