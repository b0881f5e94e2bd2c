import { KubeConfig } from '@kubernetes/client-node';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { safeText } from '../../../jobs/restart/redact.ts';
import { UserError } from '../../../charts/user-error.ts';
import { listed } from '../../fleet/suggest.ts';
import type { CliIo } from '../io.ts';
import type { HubOptions } from './options.ts';

/** Who asks which API server. */
export interface HubAccess {
  readonly config: KubeConfig;
  readonly context: string;
  /** `https://…` */
  readonly server: string;
}

/**
 * The kubeconfig as kubectl finds it: the file given, else those in `KUBECONFIG`, else
 * `~/.kube/config` (kubernetes.io, Organizing Cluster Access Using kubeconfig Files).
 *
 * @param cluster whose context is looked for, for people
 * @throws UserError `hub/kubeconfig`
 */
export function loadHubAccess(
  io: CliIo,
  options: Pick<HubOptions, 'kubeconfig' | 'context'>,
  cluster = 'the hub',
): HubAccess {
  const files = filesOf(io, options);
  const place = files.join(delimiter);
  const config = load(files, place, cluster);
  const context = options.context ?? config.getCurrentContext();
  const known = config.getContexts().map(({ name }) => name);
  if (!known.includes(context)) {
    const found = context ? `no context "${context}"` : 'no current context';
    throw problem(place, found, `one of: ${listed(known)}`, `Name ${cluster}’s by --context.`);
  }
  config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server;
  if (server === undefined || !config.getCurrentUser()) {
    const missing = server === undefined ? 'cluster' : 'user';
    const found = `context ${context} names a ${missing} that is not there`;
    throw problem(place, found, 'a cluster and a user of that name', 'Mend the kubeconfig.');
  }
  return { config, context, server };
}

/**
 * The whole kubeconfig, found likewise.
 *
 * @throws UserError `hub/kubeconfig`
 */
export function loadKubeConfig(io: CliIo, options: Pick<HubOptions, 'kubeconfig'>): KubeConfig {
  const files = filesOf(io, options);
  return load(files, files.join(delimiter), 'clusters of EKS');
}

function filesOf(
  { env }: CliIo,
  { kubeconfig }: Pick<HubOptions, 'kubeconfig'>,
): readonly string[] {
  if (kubeconfig !== undefined) return [kubeconfig];
  const named = (env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  // Of several, kubectl passes over what is not there.
  const there = named.length > 1 ? named.filter((file) => existsSync(file)) : named;
  if (there.length > 0) return there;
  return [join(env.HOME ?? homedir(), '.kube', 'config')];
}

/** All files as one: of what two of them name alike, the first file’s holds. */
function load(files: readonly string[], place: string, cluster: string): KubeConfig {
  try {
    const configs = files.map((file) => {
      const config = new KubeConfig();
      config.loadFromFile(file);
      return config;
    });
    const merged = new KubeConfig();
    merged.loadFromOptions({
      clusters: firstOfEach(configs.flatMap((config) => config.getClusters())),
      users: firstOfEach(configs.flatMap((config) => config.getUsers())),
      contexts: firstOfEach(configs.flatMap((config) => config.getContexts())),
      currentContext: configs.map((config) => config.getCurrentContext()).find((name) => name),
    });
    return merged;
  } catch (error) {
    const found = safeText(error instanceof Error ? error.message : String(error));
    const next = 'Name the file by --kubeconfig; for EKS, `aws eks update-kubeconfig` writes one.';
    throw problem(place, found, `a kubeconfig that leads to ${cluster}`, next);
  }
}

const firstOfEach = <Named extends { readonly name: string }>(all: readonly Named[]): Named[] =>
  all.filter((one, index) => all.findIndex(({ name }) => name === one.name) === index);

const problem = (place: string, found: string, expected: string, next: string): UserError =>
  new UserError({ code: 'hub/kubeconfig', place, found, expected, next });
