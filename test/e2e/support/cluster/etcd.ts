import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { binary } from '../process/binaries.ts';
import { Daemon } from '../process/daemon.ts';
import { freePorts } from '../process/ports.ts';
import { Hopeless, until } from '../../../support/wait.ts';

export interface Etcd {
  readonly url: string;
  stop(): Promise<void>;
}

/** One etcd for every cluster of a test: each has a prefix of its own. What it holds may be lost. */
export async function startEtcd(folder: string): Promise<Etcd> {
  const [client = 0, peer = 0] = await freePorts(2);
  const url = `http://127.0.0.1:${client}`;
  const peerUrl = `http://127.0.0.1:${peer}`;
  const data = join(folder, 'etcd');
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const daemon = new Daemon({
    program: binary('etcd'),
    args: [
      '--name=e2e',
      `--data-dir=${data}`,
      `--listen-client-urls=${url}`,
      `--advertise-client-urls=${url}`,
      `--listen-peer-urls=${peerUrl}`,
      `--initial-advertise-peer-urls=${peerUrl}`,
      `--initial-cluster=e2e=${peerUrl}`,
      '--unsafe-no-fsync',
      '--log-level=warn',
    ],
    logFile: join(folder, 'logs', 'etcd.log'),
  });
  await until('etcd answers', async () => {
    if (!daemon.running) throw new Hopeless(daemon.failure());
    const { statusCode, body } = await request(`${url}/readyz`);
    await body.dump();
    return statusCode === 200;
  });
  return { url, stop: () => daemon.stop() };
}
