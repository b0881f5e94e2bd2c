import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { mustRun } from '../process/command.ts';

/**
 * Root filesystems of base images, made from what this machine has: where no registry is reached,
 * they stand in for the Dockerfile's own bases, with everything at the same place.
 */
export interface BaseRoot {
  readonly folder: string;
  /** The Dockerfile that makes it an image. */
  readonly dockerfile: string;
}

const certificates = '/etc/ssl/certs/ca-certificates.crt';

/** A shell and nothing else: enough to try whether a build works here at all. */
export async function makeShellRoot(folder: string): Promise<BaseRoot> {
  await copyProgram(folder, realpathSync('/bin/sh'), '/bin/sh');
  return { folder, dockerfile: 'FROM scratch\nCOPY . /\nRUN ["/bin/sh", "-c", ":"]\n' };
}

/** In place of `node:24-bookworm-slim`: node, npm and a shell for its scripts. */
export async function makeBuildRoot(folder: string): Promise<BaseRoot> {
  await copyProgram(folder, process.execPath, '/usr/local/bin/node');
  await copyProgram(folder, realpathSync('/bin/sh'), '/bin/sh');
  await copyProgram(folder, '/usr/bin/env', '/usr/bin/env');
  const npm = join(folder, 'usr/local/lib/node_modules/npm');
  cpSync(npmFolder(), npm, { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(folder, 'usr/local/bin/npm'));
  writeAccounts(folder, 'root:x:0:0:root:/root:/bin/sh');
  mkdirSync(join(folder, 'root'));
  makeTmp(folder);
  const path = '/usr/local/bin:/usr/bin:/bin';
  return { folder, dockerfile: `FROM scratch\nCOPY . /\nENV PATH=${path}\n` };
}

/**
 * In place of distroless `nodejs24-debian12`: node, its libraries, CA certificates, `nonroot`; no
 * shell. Its user is root and its entry point is node, so that the Dockerfile has to say better.
 */
export async function makeRuntimeRoot(folder: string): Promise<BaseRoot> {
  await copyProgram(folder, process.execPath, '/nodejs/bin/node');
  if (existsSync(certificates)) copyFile(folder, certificates, certificates);
  writeAccounts(
    folder,
    'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin',
  );
  makeTmp(folder);
  return {
    folder,
    dockerfile: 'FROM scratch\nCOPY . /\nENV PATH=/nodejs/bin\nENTRYPOINT ["/nodejs/bin/node"]\n',
  };
}

/** A program with the libraries that it is linked against, which `ldd` names. */
async function copyProgram(root: string, program: string, to: string): Promise<void> {
  const linked = await mustRun('ldd', [program]);
  for (const library of linked.match(/(?<=\s)\/\S+/g) ?? []) {
    copyFile(root, library, library);
  }
  copyFile(root, program, to);
}

function copyFile(root: string, from: string, to: string): void {
  mkdirSync(dirname(join(root, to)), { recursive: true });
  copyFileSync(from, join(root, to));
}

/** npm's own folder: that of the npm that runs us, else of the one on the PATH. */
function npmFolder(): string {
  const script = process.env.npm_execpath ?? onPath('npm');
  if (script === undefined)
    throw new Error('npm: not on the PATH; install npm, which builds the image');
  return dirname(dirname(realpathSync(script)));
}

function onPath(program: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file));
}

function writeAccounts(root: string, passwd: string): void {
  mkdirSync(join(root, 'etc'), { recursive: true });
  writeFileSync(join(root, 'etc/passwd'), `${passwd}\n`);
}

function makeTmp(root: string): void {
  mkdirSync(join(root, 'tmp'));
  // Past the umask, which mkdir's own mode is not.
  chmodSync(join(root, 'tmp'), 0o1777);
}
