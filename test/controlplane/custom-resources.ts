import { join } from 'node:path';
import type { GoModule } from './components.ts';
import { askGo, canBuild } from './go.ts';

/** CustomResourceDefinitions that are read where Go keeps their module: none stands in the project. */
export interface CustomResources {
  readonly module: GoModule;
  /** The Go module that holds them; go.mod pins its version. */
  readonly source: string;
  /** Their folder in it. */
  readonly folder: string;
}

/** What its releases are made from; the schemas are the same (its deploy/crds/README.md). */
export const certManager: CustomResources = {
  module: 'cert-manager',
  source: 'github.com/cert-manager/cert-manager',
  folder: 'deploy/crds',
};

/** Application, ApplicationSet, AppProject. With a kustomization.yaml beside. */
export const argoCd: CustomResources = {
  module: 'argocd',
  source: 'github.com/argoproj/argo-cd/v3',
  folder: 'manifests/crds',
};

/** HelmRelease. */
export const helmController: CustomResources = {
  module: 'helm-controller',
  source: 'github.com/fluxcd/helm-controller',
  folder: 'config/crd/bases',
};

/** Where they are, or in one line why they can't be had here. */
export type Found = { readonly folder: string } | { readonly missing: string };

/**
 * Go fetches the module, unless it has it, and checks it against go.sum.
 *
 * @throws Error where what it fetches is not what go.sum says.
 */
export function findCustomResources({ module, source, folder }: CustomResources): Found {
  if (!canBuild()) return { missing: `Go, which fetches ${source}, is missing or does not run` };
  try {
    const { Dir } = JSON.parse(askGo(module, download(source))) as { readonly Dir: string };
    return { folder: join(Dir, folder) };
  } catch (error) {
    const { stdout = '' } = error as { readonly stdout?: string };
    // What it can't fetch it says in its answer; of what it doesn't believe there is none.
    if (!stdout.includes('"Error"')) throw error;
    return { missing: `Go can't fetch ${source}` };
  }
}

const download = (source: string): readonly string[] => ['mod', 'download', '-json', source];
