import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { run, type CommandEnd } from '../process/command.ts';
import type { ImageConfig } from './layout.ts';

export interface Container {
  /** The root filesystem. */
  readonly root: string;
  readonly config: ImageConfig;
  /** A folder for the container, which doesn't exist yet; its name is the container's. */
  readonly folder: string;
  /** In place of the entry point, as `command` in a pod. */
  readonly command?: readonly string[];
  readonly args: readonly string[];
}

export interface ContainerEnd extends CommandEnd {
  readonly terminationMessage: string;
}

/**
 * Runs an image with runc as the kubelet does under the security context that the CronJob sets: the
 * root read-only, no capability, no new privileges; and without any network. The user is the image's.
 */
export async function runContainer(container: Container): Promise<ContainerEnd> {
  const { folder } = container;
  const terminationLog = join(folder, 'termination-log');
  mkdirSync(folder, { recursive: true });
  writeFileSync(terminationLog, '');
  // The kubelet makes it writable for everyone: kuberuntime_container.go, makeMounts.
  chmodSync(terminationLog, 0o666);
  writeFileSync(join(folder, 'config.json'), JSON.stringify(specOf(container, terminationLog)));
  const state = join(folder, 'state');
  const end = await run('runc', ['--root', state, 'run', '--bundle', folder, basename(folder)]);
  return { ...end, terminationMessage: readFileSync(terminationLog, 'utf8') };
}

/** https://github.com/opencontainers/runtime-spec, config.md */
function specOf({ root, config, command, args }: Container, terminationLog: string) {
  const [uid = NaN, gid = NaN] = (config.User ?? '0:0').split(':').map(Number);
  return {
    ociVersion: '1.0.2',
    process: {
      terminal: false,
      user: { uid, gid },
      args: [...(command ?? config.Entrypoint ?? []), ...args],
      env: config.Env ?? [],
      cwd: config.WorkingDir ?? '/',
      noNewPrivileges: true,
      capabilities: {},
    },
    root: { path: root, readonly: true },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755'] },
      {
        destination: '/dev/termination-log',
        type: 'bind',
        source: terminationLog,
        options: ['bind', 'rw'],
      },
    ],
    linux: {
      namespaces: ['pid', 'mount', 'ipc', 'uts', 'network'].map((type) => ({ type })),
    },
  };
}
