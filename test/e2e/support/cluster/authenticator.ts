import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binary } from '../process/binaries.ts';
import { mustRun } from '../process/command.ts';
import { Daemon } from '../process/daemon.ts';
import { freePorts } from '../process/ports.ts';
import { Hopeless, until } from '../../../support/wait.ts';

export interface AuthenticatorFiles {
  readonly folder: string;
  readonly config: string;
  /** For the API server's `--authentication-token-webhook-config-file`. */
  readonly webhookKubeconfig: string;
}

/** Its certificate and the API server's way to it: both are needed before either runs. */
export async function prepareAuthenticator(
  folder: string,
  clusterId: string,
): Promise<AuthenticatorFiles> {
  mkdirSync(folder, { recursive: true });
  const [port = 0] = await freePorts(1);
  const config = join(folder, 'config.yaml');
  const server = { hostname: '127.0.0.1', port, address: '127.0.0.1', stateDir: folder };
  writeFileSync(config, JSON.stringify({ clusterID: clusterId, server }));
  await mustRun(binary('aws-iam-authenticator'), ['init', '--config', config], { cwd: folder });
  return { folder, config, webhookKubeconfig: join(folder, 'aws-iam-authenticator.kubeconfig') };
}

export interface AuthenticatorOptions {
  readonly files: AuthenticatorFiles;
  readonly partition: string;
  /** For reading aws-auth. */
  readonly kubeconfig: string;
  /** Leads to STS. */
  readonly proxy: string;
  /** PEM of the CA behind STS. */
  readonly caFile: string;
  readonly logFile: string;
}

/** A real aws-iam-authenticator server that maps by the live ConfigMap kube-system/aws-auth. */
export async function startAuthenticator(options: AuthenticatorOptions): Promise<Daemon> {
  const { files, partition, kubeconfig, proxy, caFile, logFile } = options;
  const daemon = new Daemon({
    program: binary('aws-iam-authenticator'),
    args: [
      'server',
      `--config=${files.config}`,
      `--partition=${partition}`,
      '--backend-mode=EKSConfigMap',
      '--kubeconfig-pregenerated',
      `--kubeconfig=${kubeconfig}`,
    ],
    cwd: files.folder,
    environment: {
      HTTPS_PROXY: proxy,
      SSL_CERT_FILE: caFile,
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    logFile,
  });
  await until('the authenticator has read aws-auth', () => {
    if (!daemon.running) throw new Hopeless(daemon.failure());
    return daemon.log().includes('Received aws-auth watch event');
  });
  return daemon;
}
