import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { assetOf } from './assets.ts';
import { buildArguments, components, folderOf } from './components.ts';
import type { Component, ComponentName } from './components.ts';
import { goSettings } from './go.ts';

/** Below `$XDG_CACHE_HOME` or `~/.cache`, as the XDG base directory specification has it. */
export const cacheRoot = (): string =>
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rollcall', 'controlplane');

/**
 * Where a component is built to: another pin, flag, platform or package gives another folder. Not
 * another Go: go.mod says which is new enough, and what is built outlives the Go that built it.
 */
export function cacheFolder(component: Component): string {
  const { name, module, main, data = [] } = component;
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum']) hash.update(readFileSync(join(folderOf(module), file)));
  hash.update(JSON.stringify([main, buildArguments(component), goSettings, data]));
  return join(cacheRoot(), `${name}-${hash.digest('hex').slice(0, 12)}`);
}

/**
 * The program of a component: that of `$KUBEBUILDER_ASSETS` where that has the version which is
 * pinned, else that in the cache, which may not be built yet.
 */
export function programOf(component: Component): string {
  const asset = assetOf(component);
  return asset && asset.unfit === undefined
    ? asset.program
    : join(cacheFolder(component), component.name);
}

/** Whether the program and its data are there. */
export const isBuilt = (component: Component): boolean =>
  existsSync(programOf(component)) && hasData(component);

/** Whether they are in the cache, whatever else there is. */
export const isCached = (component: Component): boolean =>
  existsSync(join(cacheFolder(component), component.name)) && hasData(component);

const hasData = (component: Component): boolean =>
  (component.data ?? []).every(({ name }) => existsSync(join(cacheFolder(component), name)));

/** Whether nothing is left to build. */
export const isWhole = (): boolean => components.every(isBuilt);

/** Path of a built program. Throws with the next step when it isn't built. */
export const binary = (name: ComponentName): string => programOf(built(name));

/** Path of a folder of files that a built component brings. */
export const dataFolder = (name: ComponentName, data: string): string =>
  join(cacheFolder(built(name)), data);

function built(name: ComponentName): Component {
  const component = components.find((one) => one.name === name);
  if (component && isBuilt(component)) return component;
  throw new Error(`${name} is not built. Build the control plane first: npm run controlplane`);
}
