import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { versionOf, type Component } from './components.ts';

/** A program that the user already has: in setup-envtest's folder of etcd, kube-apiserver and kubectl. */
export interface Asset {
  readonly program: string;
  /** Why ours takes its place; undefined when it is what go.mod pins. */
  readonly unfit: string | undefined;
}

// A program is asked once a process, not whenever a test wants its path.
const asked = new Map<string, Asset>();

/** That of `$KUBEBUILDER_ASSETS`, where there is one. */
export function assetOf(component: Component): Asset | undefined {
  const folder = process.env.KUBEBUILDER_ASSETS;
  if (!folder) return undefined;
  const program = join(folder, component.name);
  const known = asked.get(program);
  if (known !== undefined || !existsSync(program)) return known;
  const asset = { program, unfit: whyUnfit(component, program) };
  asked.set(program, asset);
  return asset;
}

function whyUnfit(component: Component, program: string): string | undefined {
  if (component.asks === undefined) return 'it does not tell its version';
  const pinned = versionOf(component);
  try {
    // No HOME: kubectl reads its settings there.
    const env = { PATH: process.env.PATH ?? '', KUBERC: 'off' };
    const said = execFileSync(program, component.asks, { encoding: 'utf8', env, timeout: 30_000 });
    const found = /\d+\.\d+\.\d+/.exec(said)?.[0] ?? 'unknown';
    return pinned === `v${found}` ? undefined : `its version is ${found}, ${pinned} is pinned`;
  } catch (error) {
    return `it does not run: ${(error as Error).message}`;
  }
}
