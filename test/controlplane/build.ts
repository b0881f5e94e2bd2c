import { execFileSync, spawn } from 'node:child_process';
import { cpSync, rmSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../charts/make-folder.ts';
import { cacheFolder, isBuilt } from './cache.ts';
import { components, folderOf, linkerFlags, versionOf } from './components.ts';
import type { Component, Data } from './components.ts';

const tellEveryMs = 30_000;
const tell = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** Builds what is not in the cache yet, one after the other: the compiler uses every core itself. */
export async function buildControlPlane(): Promise<void> {
  const missing = components.filter((component) => !isBuilt(component));
  if (missing.length === 0) return;
  if (!canBuild())
    throw new Error('Go is not installed: it builds the real control plane (https://go.dev/dl)');
  tell(`control plane: ${missing.length} of ${components.length} programs to build (once)`);
  for (const [index, component] of missing.entries()) {
    const title = `${component.name} ${versionOf(component)} (${index + 1} of ${missing.length})`;
    const start = performance.now();
    const seconds = (): string => `${Math.round((performance.now() - start) / 1000)} s`;
    tell(`  ${title} …`);
    const ticker = setInterval(() => {
      tell(`  ${title}: ${seconds()} so far …`);
    }, tellEveryMs);
    try {
      await build(component);
    } finally {
      clearInterval(ticker);
    }
    tell(`  ${title}: built in ${seconds()}`);
  }
}

/** Built beside its place and renamed: an interrupted build leaves nothing that looks whole. */
async function build(component: Component): Promise<void> {
  const folder = cacheFolder(component);
  const beside = `${folder}.${process.pid}`;
  rmSync(beside, { recursive: true, force: true });
  makeFolder(beside);
  try {
    const out = join(beside, component.name);
    const flags = ['-trimpath', '-buildvcs=false', '-mod=readonly'];
    await go(component, [
      'build',
      ...flags,
      '-ldflags',
      linkerFlags(component),
      '-o',
      out,
      component.main,
    ]);
    for (const data of component.data ?? []) copyData(component, data, beside);
    rmSync(folder, { recursive: true, force: true });
    renameSync(beside, folder);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

function go({ name, module }: Component, args: readonly string[]): Promise<void> {
  const child = spawn('go', args, { cwd: folderOf(module), stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const problem = said.split('\n').filter((line) => !line.startsWith('go: downloading'));
      if (code === 0) resolve();
      else
        reject(
          new Error(`${name} does not build (exit ${code ?? 'by signal'}):\n${problem.join('\n')}`),
        );
    });
  });
}

/** Module files are read-only; a copy must be removable. */
function copyData({ module, source }: Component, data: Data, folder: string): void {
  const spec = data.from ?? source;
  const args =
    data.from === undefined ? ['list', '-m', '-json', spec] : ['mod', 'download', '-json', spec];
  const cwd = folderOf(module);
  const answer = execFileSync('go', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { Dir } = JSON.parse(answer) as { readonly Dir?: string };
  if (Dir === undefined) throw new Error(`${spec} has no folder in the module cache`);
  cpSync(join(Dir, data.folder), join(folder, data.name), { recursive: true, mode: 0 });
  execFileSync('chmod', ['-R', 'u+w', join(folder, data.name)]);
}

/** Whether Go is there. */
export function canBuild(): boolean {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
