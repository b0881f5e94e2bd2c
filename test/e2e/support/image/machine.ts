import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Buildah } from './buildah.ts';
import { runContainer } from './container.ts';
import { makeShellRoot } from './roots.ts';

/**
 * Whether images can be built and run on this machine: asked by doing both with a shell alone, so
 * that whatever fails after that is the image's fault.
 *
 * @returns why not, in one line; undefined where they can
 */
export async function whyNoImages(): Promise<string | undefined> {
  if (process.platform !== 'linux') return `this is ${process.platform}, images are built on Linux`;
  if (process.getuid?.() !== 0) return 'not root, and mounting takes root';
  for (const program of ['buildah', 'runc', 'ldd', 'tar']) {
    if (!onPath(program))
      return `${program} is not installed (Debian: apt-get install buildah runc)`;
  }
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-image-trial-'));
  const buildah = new Buildah(folder);
  const shell = await makeShellRoot(join(folder, 'shell'));
  try {
    await buildah.buildBase('localhost/shell', shell);
    const { code, stderr } = await runContainer({
      root: shell.folder,
      config: { Entrypoint: ['/bin/sh', '-c'] },
      args: ['exit 7'],
      folder: join(folder, basename(folder)),
    });
    return code === 7 ? undefined : `runc can't run here: ${firstLine(stderr)}`;
  } catch (error) {
    return `buildah can't build here: ${firstLine((error as Error).message)}`;
  } finally {
    await buildah.close();
  }
}

const onPath = (program: string): boolean =>
  (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program)));

/** The line that says what went wrong: buildah's begins so, else the first. */
function firstLine(text: string): string {
  const lines = text.split('\n').filter(Boolean);
  return lines.find((line) => /error/i.test(line)) ?? lines[0] ?? 'without a message';
}
