import { execFileSync, type ExecFileSyncOptionsWithStringEncoding } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A project of a user, with the package unpacked into it as npm would, and no network. */
export interface Project {
  readonly folder: string;
  /** Paths of the package's files. */
  readonly packed: readonly string[];
  write(file: string, text: string): void;
  /** Node runs it: what it prints. */
  node(...args: readonly string[]): string;
  remove(): void;
}

/**
 * Packs a copy of this checkout, whose `prepack` compiles it, and unpacks it beside its dependencies,
 * as they are installed here. Everything else is left out, so that the package can lack nothing
 * unnoticed but what its package.json asks for.
 */
export function makeProject(): Project {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-package-'));
  const copy = join(folder, 'checkout');
  for (const part of sources) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const project = join(folder, 'project');
  const modules = join(project, 'node_modules');
  mkdirSync(join(modules, 'rollcall'), { recursive: true });
  const [{ filename, files }] = pack(copy, folder);
  execFileSync('tar', ['-xzf', join(folder, filename), '--strip-components=1'], {
    cwd: join(modules, 'rollcall'),
  });
  linkPackages(join(root, 'node_modules'), modules);
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  return {
    folder: project,
    packed: files.map(({ path }) => path),
    write: (file, text) => {
      writeFileSync(join(project, file), text);
    },
    node: (...args) => execFileSync(process.execPath, args, { ...quiet, cwd: project }),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const sources = [
  ...['package.json', 'tsconfig.json', 'tsconfig.build.json', 'README.md', 'LICENSE'],
  ...['CHANGELOG.md', 'docs'],
  ...['src', 'charts', 'jobs', 'examples'],
];

const quiet = {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'pipe'],
  env: { ...process.env, NODE_OPTIONS: '' },
} satisfies ExecFileSyncOptionsWithStringEncoding;

/** What a program prints that imports the source itself. */
export const runOnSource = (program: string): string =>
  execFileSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-e', program],
    { ...quiet, cwd: root },
  );

type Packed = readonly [
  { readonly filename: string; readonly files: readonly { readonly path: string }[] },
];

function pack(checkout: string, destination: string): Packed {
  const args = ['pack', '--json', '--silent', '--pack-destination', destination];
  // Without it npm would look for its scripts' shell and registry in this run's own settings.
  const said = execFileSync('npm', args, { ...quiet, cwd: checkout });
  return JSON.parse(said.slice(said.indexOf('['))) as Packed;
}

/** Every package that is installed here, but for this one. */
function linkPackages(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    if (name.startsWith('.')) continue;
    if (!name.startsWith('@')) symlinkSync(join(from, name), join(to, name));
    else {
      mkdirSync(join(to, name));
      for (const scoped of readdirSync(join(from, name))) {
        symlinkSync(join(from, name, scoped), join(to, name, scoped));
      }
    }
  }
}
