import { execFileSync } from 'node:child_process';
import { cpSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../charts/make-folder.ts';
import { assetOf } from './assets.ts';
import { cacheFolder, cacheRoot, isBuilt, isCached } from './cache.ts';
import { buildArguments, components, versionOf } from './components.ts';
import type { Component, Data } from './components.ts';
import { askGo, canBuild, requireGo, runGo } from './go.ts';
import { besideOf, removeLeftovers } from './leftovers.ts';

const tellEveryMs = 30_000;
const tell = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

/** How much is built, and for whom. */
export interface BuildOptions {
  /** Default: all. */
  readonly wanted?: (component: Component) => boolean;
  /** Whether something else works meanwhile, to which the compiler gives way. Default: false. */
  readonly givesWay?: boolean;
}

/** Builds what is not in the cache yet, one after the other: the compiler uses every core itself. */
export async function buildControlPlane({
  wanted = () => true,
  givesWay = false,
}: BuildOptions = {}): Promise<void> {
  tellPassedOver();
  const missing = components.filter((component) => wanted(component) && !isBuilt(component));
  if (missing.length === 0) return;
  if (!canBuild())
    throw new Error(
      'Go is not installed, or does not run: it builds the real control plane (https://go.dev/dl)',
    );
  for (const module of new Set(missing.map(({ module }) => module))) requireGo(module);
  prepareCache();
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
      await build(component, givesWay);
    } finally {
      clearInterval(ticker);
    }
    tell(`  ${title}: built in ${seconds()}`);
  }
}

function tellPassedOver(): void {
  for (const component of components) {
    const { program, unfit } = assetOf(component) ?? {};
    if (program !== undefined && unfit !== undefined)
      tell(`KUBEBUILDER_ASSETS: ${program} is passed over, our own is used: ${unfit}`);
  }
}

function prepareCache(): void {
  const probe = besideOf(join(cacheRoot(), 'probe'));
  try {
    removeLeftovers(cacheRoot());
    makeFolder(probe);
    rmSync(probe, { recursive: true });
  } catch (error) {
    throw new Error(
      `${cacheRoot()} can't be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}): ` +
        'set XDG_CACHE_HOME to a folder that can',
      { cause: error },
    );
  }
}

/** Built beside its place and renamed: an interrupted build leaves nothing that looks whole. */
async function build(component: Component, givesWay: boolean): Promise<void> {
  const beside = besideOf(cacheFolder(component));
  rmSync(beside, { recursive: true, force: true });
  makeFolder(beside);
  try {
    const out = join(beside, component.name);
    const args = [...buildArguments(component), '-o', out, component.main];
    await runGo(component.module, args, { givesWay });
    for (const data of component.data ?? []) copyData(component, data, beside);
    settle(component, beside);
  } catch (error) {
    throw new Error(`${component.name} does not build: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
}

/** Puts it in its place, unless a builder beside us was faster: what it has built may run by now. */
function settle(component: Component, beside: string): void {
  const folder = cacheFolder(component);
  try {
    renameSync(beside, folder);
  } catch {
    if (isCached(component)) return;
    // A file of it was lost.
    rmSync(folder, { recursive: true, force: true });
    renameSync(beside, folder);
  }
}

/** Module files are read-only; a copy must be removable. */
function copyData({ module, source }: Component, data: Data, folder: string): void {
  const spec = data.from ?? source;
  const answer = askGo(
    module,
    data.from === undefined ? ['list', '-m', '-json', spec] : ['mod', 'download', '-json', spec],
  );
  const { Dir } = JSON.parse(answer) as { readonly Dir?: string };
  if (Dir === undefined) throw new Error(`${spec} has no folder in the module cache`);
  cpSync(join(Dir, data.folder), join(folder, data.name), { recursive: true, mode: 0 });
  execFileSync('chmod', ['-R', 'u+w', join(folder, data.name)]);
}
