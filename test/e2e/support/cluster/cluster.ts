import { dirname, join } from 'node:path';
import type { ApiServer } from './api-server.ts';
import { startApiServer, type ApiServerOptions, type User } from './api-server.ts';
import { binary } from '../process/binaries.ts';
import { run, mustRun, type CommandEnd, type CommandOptions } from '../process/command.ts';
import { Daemon } from '../process/daemon.ts';
import type { KubeClient } from '../../../support/kube-client.ts';
import { writeKubeconfig } from './kubeconfig.ts';
import { defaultStages, startKwok, type Stage } from './kwok.ts';
import { freePorts } from '../process/ports.ts';
import { until } from '../../../support/wait.ts';

export interface ClusterOptions extends ApiServerOptions {
  /** How nodes and pods live. Default: pods are ready at once, those of Jobs succeed at once. */
  readonly stages?: readonly Stage[];
  /** Default: true. Without, nothing rolls out: an API server alone. */
  readonly controllers?: boolean;
  /** Default: 1. */
  readonly nodes?: number;
}

const qps = ['--kube-api-qps=1000', '--kube-api-burst=2000'];

/** A real cluster: API server, controllers and scheduler, with nodes and pods played by kwok. */
export class RealCluster {
  readonly name: string;
  readonly server: ApiServer;
  /** Of the cluster's admin. */
  readonly kubeconfig: string;
  readonly #daemons: readonly Daemon[];

  constructor(name: string, server: ApiServer, kubeconfig: string, daemons: readonly Daemon[]) {
    this.name = name;
    this.server = server;
    this.kubeconfig = kubeconfig;
    this.#daemons = daemons;
  }

  get admin(): KubeClient {
    return this.server.admin;
  }

  /** Real kubectl as the admin; whatever its exit code. */
  kubectl(args: readonly string[], options: CommandOptions = {}): Promise<CommandEnd> {
    return run(binary('kubectl'), this.#asAdmin(args), this.#atHome(options));
  }

  /** Its stdout. Throws when it fails. */
  mustKubectl(args: readonly string[], options: CommandOptions = {}): Promise<string> {
    return mustRun(binary('kubectl'), this.#asAdmin(args), this.#atHome(options));
  }

  #asAdmin(args: readonly string[]): readonly string[] {
    return ['--kubeconfig', this.kubeconfig, ...args];
  }

  /** In the cluster's folder: what kubectl discovers is kept there. */
  #atHome({ environment, ...options }: CommandOptions): CommandOptions {
    return { ...options, environment: { HOME: dirname(this.kubeconfig), ...environment } };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#daemons.map((daemon) => daemon.stop()));
    await this.server.stop();
  }
}

/** Starts a cluster and waits until its API server is ready and its node is. */
export async function startCluster(options: ClusterOptions): Promise<RealCluster> {
  const { name, folder, controllers = true, nodes = 1 } = options;
  const server = await startApiServer(options);
  const kubeconfig = (user: User): string =>
    writeKubeconfig(join(folder, `${user}.kubeconfig`), server.endpoint(user));
  const daemons: Daemon[] = [];
  const cluster = new RealCluster(name, server, kubeconfig('admin'), daemons);
  if (!controllers) return cluster;
  const logFile = (program: string): string => join(folder, '..', 'logs', `${name}-${program}.log`);
  const [managerPort = 0, schedulerPort = 0] = await freePorts(2);
  daemons.push(
    new Daemon({
      program: binary('kube-controller-manager'),
      args: [
        `--kubeconfig=${kubeconfig('controllerManager')}`,
        `--service-account-private-key-file=${server.serviceAccountKeyFile}`,
        `--root-ca-file=${server.caFile}`,
        '--use-service-account-credentials=true',
        '--leader-elect=false',
        '--bind-address=127.0.0.1',
        `--secure-port=${managerPort}`,
        `--cert-dir=${folder}`,
        '--concurrent-deployment-syncs=20',
        '--concurrent-replicaset-syncs=20',
        ...qps,
      ],
      logFile: logFile('kube-controller-manager'),
    }),
    new Daemon({
      program: binary('kube-scheduler'),
      args: [
        `--kubeconfig=${kubeconfig('scheduler')}`,
        '--leader-elect=false',
        '--bind-address=127.0.0.1',
        `--secure-port=${schedulerPort}`,
        `--cert-dir=${folder}`,
        ...qps,
      ],
      logFile: logFile('kube-scheduler'),
    }),
    startKwok({
      folder,
      kubeconfig: kubeconfig('admin'),
      stages: options.stages ?? defaultStages(),
      logFile: logFile('kwok'),
    }),
  );
  try {
    for (let node = 0; node < nodes; node += 1) await addNode(server.admin, `node-${node}`);
  } catch (error) {
    const failed = daemons.find((daemon) => !daemon.running);
    await cluster.stop();
    throw failed ? new Error(failed.failure(), { cause: error }) : error;
  }
  return cluster;
}

/** A node that kwok plays, ready and without taints. */
async function addNode(admin: KubeClient, name: string): Promise<void> {
  await admin.call('/api/v1/nodes', {
    method: 'POST',
    body: {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        annotations: { 'kwok.x-k8s.io/node': 'fake' },
        // A kubelet's own; charts select nodes by it.
        labels: { 'kubernetes.io/os': 'linux' },
      },
    },
  });
  await until(`${name} is ready and has lost its taint`, async () => {
    const node = await admin.call<{
      readonly spec: { readonly taints?: unknown };
      readonly status: { readonly conditions?: readonly { type: string; status: string }[] };
    }>(`/api/v1/nodes/${name}`);
    const ready = node.status.conditions?.some(
      ({ type, status }) => type === 'Ready' && status === 'True',
    );
    return ready === true && node.spec.taints === undefined;
  });
}
