import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../process/command.ts';
import type { Volumes } from './npm.ts';
import type { BaseRoot } from './roots.ts';

export interface Build {
  readonly dockerfile: string;
  readonly context: string;
  readonly args?: Readonly<Record<string, string>>;
  readonly volumes?: Volumes;
}

/**
 * buildah with a store of its own in a folder, away from the machine's images. Isolation by chroot
 * and the vfs driver ask for the least of the machine. https://github.com/containers/buildah
 */
export class Buildah {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns what the build printed */
  build(tag: string, { dockerfile, context, args = {}, volumes = [] }: Build): Promise<string> {
    const options = [
      ...Object.entries(args).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
      ...volumes.flatMap((volume) => ['--volume', volume]),
    ];
    return this.#run(
      ...['build', '--isolation', 'chroot', '--pull=never', '--file', dockerfile, '--tag', tag],
      ...[...options, context],
    );
  }

  buildBase(tag: string, base: BaseRoot): Promise<string> {
    const dockerfile = `${base.folder}.Dockerfile`;
    writeFileSync(dockerfile, base.dockerfile);
    return this.build(tag, { dockerfile, context: base.folder });
  }

  /** The image as a registry would hold it. @returns the folder of an OCI image layout */
  async exportLayout(tag: string): Promise<string> {
    const layout = join(this.#folder, 'layout');
    await this.#run('push', tag, `oci:${layout}:image`);
    return layout;
  }

  /** @returns the root filesystem of a container that is made from the image */
  async mount(tag: string): Promise<string> {
    const container = await this.#run('from', '--pull=never', tag);
    return (await this.#run('mount', container.trim())).trim();
  }

  /** Takes the folder away, unless something is mounted there that isn't ours to delete. */
  async close(): Promise<void> {
    // A buildah that can't run has nothing mounted; the next lines look.
    await this.#run('umount', '--all').catch(() => undefined);
    const mounted = readFileSync('/proc/self/mounts', 'utf8')
      .split('\n')
      .find((line) => line.split(' ')[1]?.startsWith(`${this.#folder}/`));
    if (mounted !== undefined) {
      throw new Error(`${this.#folder} is left: something is still mounted in it: ${mounted}`);
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #run(...args: readonly string[]): Promise<string> {
    const store = ['--root', join(this.#folder, 'store'), '--runroot', join(this.#folder, 'run')];
    return mustRun('buildah', [...store, '--storage-driver', 'vfs', ...args], {
      // Proxies, which buildah hands to the build and keeps out of the image.
      environment: process.env as Record<string, string>,
    });
  }
}
