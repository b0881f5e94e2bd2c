import { randomBytes, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeAuthority } from '../../../../src/simulator/servers/certificates.ts';
import { binary } from '../process/binaries.ts';
import { Daemon } from '../process/daemon.ts';
import type { Etcd } from './etcd.ts';
import { KubeClient } from '../../../support/kube-client.ts';
import { freePorts, isFree } from '../process/ports.ts';
import { Hopeless, until } from '../../../support/wait.ts';

export interface ApiServerOptions {
  readonly name: string;
  /** Its files go there. */
  readonly folder: string;
  readonly etcd: Etcd;
  /** `iss` of its ServiceAccount tokens. Default: a name inside of the cluster. */
  readonly issuer?: string | undefined;
  /** Kubeconfig of a webhook that authenticates tokens. Default: none. */
  readonly tokenWebhook?: string | undefined;
}

/** Who the control plane itself is; each has a token of its own. */
export const users = {
  admin: { name: 'e2e-admin', groups: ['system:masters'] },
  controllerManager: { name: 'system:kube-controller-manager', groups: [] },
  scheduler: { name: 'system:kube-scheduler', groups: [] },
} as const;

export type User = keyof typeof users;

/** A real kube-apiserver on loopback. It can be killed and started again where it was. */
export class ApiServer {
  readonly url: string;
  /** PEM. */
  readonly ca: string;
  readonly admin: KubeClient;
  readonly auditLog: string;
  readonly serviceAccountKeyFile: string;
  readonly caFile: string;
  readonly #tokens: ReadonlyMap<User, string>;
  readonly #launch: () => Daemon;
  #daemon: Daemon;

  constructor(launch: () => Daemon, parts: Omit<Parts, 'args'>) {
    this.url = parts.url;
    this.ca = parts.ca;
    this.auditLog = parts.auditLog;
    this.serviceAccountKeyFile = parts.serviceAccountKeyFile;
    this.caFile = parts.caFile;
    this.#tokens = parts.tokens;
    this.admin = new KubeClient(this.endpoint('admin'));
    this.#launch = launch;
    this.#daemon = launch();
  }

  endpoint(user: User) {
    return { url: this.url, ca: this.ca, token: this.#tokens.get(user) ?? '' };
  }

  async ready(): Promise<void> {
    await until(`${this.url}/readyz`, async () => {
      if (!this.#daemon.running) throw new Hopeless(this.#daemon.failure());
      return (await this.admin.send('/readyz')).status === 200;
    });
  }

  /** Kills it in the middle of whatever it does. */
  async kill(): Promise<void> {
    await this.#daemon.stop();
    // A process that is dying may hold its port on for a moment, and the next one needs it.
    await until(`the port of ${this.url} is free`, () => isFree(Number(new URL(this.url).port)));
  }

  /** Starts it again after `kill`, and waits until it is ready. */
  async start(): Promise<void> {
    this.#daemon = this.#launch();
    await this.ready();
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#daemon.signal(signal);
  }

  async stop(): Promise<void> {
    await this.admin.close();
    await this.#daemon.stop();
  }
}

interface Parts {
  readonly url: string;
  readonly ca: string;
  readonly caFile: string;
  readonly auditLog: string;
  readonly serviceAccountKeyFile: string;
  readonly tokens: ReadonlyMap<User, string>;
  readonly args: readonly string[];
}

/** Starts it and waits until it is ready. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { name, folder } = options;
  const parts = await prepareParts(options);
  const launch = (): Daemon =>
    new Daemon({
      program: binary('kube-apiserver'),
      args: parts.args,
      logFile: join(folder, '..', 'logs', `${name}-kube-apiserver.log`),
    });
  const server = new ApiServer(launch, parts);
  try {
    await server.ready();
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

async function prepareParts(options: ApiServerOptions): Promise<Parts> {
  const { name, folder, etcd, issuer = 'https://kubernetes.default.svc', tokenWebhook } = options;
  mkdirSync(folder, { recursive: true });
  const file = (base: string, text: string): string => {
    const path = join(folder, base);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const authority = await makeAuthority(`kubernetes ${name}`);
  const { cert, key } = await authority.issue();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const serviceAccountKeyFile = file(
    'service-account.key',
    privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  );
  const tokens = new Map<User, string>();
  const lines = (Object.keys(users) as User[]).map((user) => {
    const token = randomBytes(24).toString('hex');
    tokens.set(user, token);
    const { name: username, groups } = users[user];
    return [token, username, user, ...(groups.length > 0 ? [`"${groups.join(',')}"`] : [])].join();
  });
  const [port = 0] = await freePorts(1);
  const auditLog = join(folder, 'audit.log');
  const args = [
    `--etcd-servers=${etcd.url}`,
    `--etcd-prefix=/${name}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    `--secure-port=${port}`,
    `--tls-cert-file=${file('tls.crt', cert)}`,
    `--tls-private-key-file=${file('tls.key', key)}`,
    `--token-auth-file=${file('tokens.csv', `${lines.join('\n')}\n`)}`,
    '--authorization-mode=Node,RBAC',
    '--anonymous-auth=false',
    `--service-account-issuer=${issuer}`,
    // As in EKS: the issuer is a public URL, and tokens for the API have another audience.
    '--api-audiences=https://kubernetes.default.svc',
    `--service-account-signing-key-file=${serviceAccountKeyFile}`,
    `--service-account-key-file=${serviceAccountKeyFile}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--allow-privileged=true',
    '--profiling=false',
    `--audit-policy-file=${file('audit-policy.yaml', auditPolicy)}`,
    `--audit-log-path=${auditLog}`,
    // Never rotated: whoever reads it needs all of it.
    '--audit-log-maxsize=0',
    ...(tokenWebhook === undefined
      ? []
      : [
          `--authentication-token-webhook-config-file=${tokenWebhook}`,
          // Who is no longer mapped must be refused at once, not in two minutes.
          '--authentication-token-webhook-cache-ttl=1s',
        ]),
  ];
  const caFile = file('ca.crt', authority.pem);
  const url = `https://127.0.0.1:${port}`;
  return { url, ca: authority.pem, caFile, auditLog, serviceAccountKeyFile, tokens, args };
}

/** Who asked for what: no bodies. */
const auditPolicy = JSON.stringify({
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived', 'ResponseStarted'],
  rules: [{ level: 'Metadata' }],
});
