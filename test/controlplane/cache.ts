import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { components, folderOf, linkerFlags } from './components.ts';
import type { Component, ComponentName } from './components.ts';

/** `$XDG_CACHE_HOME` or `~/.cache`, as the XDG base directory specification has it. */
const cacheHome = (): string => process.env.XDG_CACHE_HOME || join(homedir(), '.cache');

/** Where a component is built to: another pin or other flags give another folder. */
export function cacheFolder(component: Component): string {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum'])
    hash.update(readFileSync(join(folderOf(component.module), file)));
  hash.update(linkerFlags(component)).update(JSON.stringify(component.data ?? []));
  const key = hash.digest('hex').slice(0, 12);
  return join(cacheHome(), 'rollcall', 'controlplane', `${component.name}-${key}`);
}

/**
 * The program of a component: that of `$KUBEBUILDER_ASSETS` where there is one (setup-envtest's
 * folder of etcd, kube-apiserver and kubectl), else that in the cache, which may not be built yet.
 */
export function programOf(component: Component): string {
  const assets = process.env.KUBEBUILDER_ASSETS;
  const own = assets ? join(assets, component.name) : undefined;
  return own !== undefined && existsSync(own) ? own : join(cacheFolder(component), component.name);
}

/** Whether the program and its data are there. */
export function isBuilt(component: Component): boolean {
  const folder = cacheFolder(component);
  const data = (component.data ?? []).every(({ name }) => existsSync(join(folder, name)));
  return data && existsSync(programOf(component));
}

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
