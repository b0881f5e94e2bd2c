import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderFlux } from '../../../../charts/format-flux.ts';
import { prepare } from '../../../../charts/pipeline.ts';
import type { KubeObject } from '../../../support/kube-client.ts';
import { Hopeless, until } from '../../../support/wait.ts';
import type { RealCluster } from '../cluster/cluster.ts';

const path = '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/flux-system/kustomizations';

export interface Kustomization extends KubeObject {
  readonly spec: { readonly dependsOn?: readonly { readonly name: string }[] };
  readonly status?: {
    readonly lastAppliedRevision?: string;
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason: string;
      readonly message: string;
    }[];
    readonly inventory?: { readonly entries?: readonly { readonly id: string }[] };
  };
}

/** Writes the Flux tree of a fleet file, in place of the one before. */
export function writeTree(text: string, folder: string): void {
  const prepared = prepare(text, 'fleet.yaml');
  if (prepared.kind === 'invalid') throw new Error(JSON.stringify(prepared.diagnostics));
  rmSync(folder, { recursive: true, force: true });
  for (const file of renderFlux(prepared.graph)) {
    const target = join(folder, file.path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, file.text);
  }
}

export async function kustomizations(cluster: RealCluster): Promise<readonly Kustomization[]> {
  const { items } = await cluster.admin.call<{ readonly items: readonly Kustomization[] }>(path);
  return items;
}

const readyOf = ({ status }: Kustomization) =>
  status?.conditions?.find(({ type }) => type === 'Ready');

const isReady = (one: Kustomization): boolean => readyOf(one)?.status === 'True';

/** Nothing that waiting helps against. */
const hasFailed = (one: Kustomization): boolean =>
  /^(?:ReconciliationFailed|HealthCheckFailed|PruneFailed|BuildFailed)$/.test(
    readyOf(one)?.reason ?? '',
  );

/** Why they are not ready, each. */
export const states = (all: readonly Kustomization[]): readonly string[] =>
  all.map(
    (one) => `${one.metadata.name}: ${readyOf(one)?.reason ?? '?'} ${readyOf(one)?.message ?? ''}`,
  );

/**
 * Waits until these are there, no others, and all are ready at one revision. At every look, whatever
 * has ever been ready is there only with all that it depends on.
 */
export async function settled(cluster: RealCluster, names: readonly string[], revision: string) {
  const order: string[] = [];
  let last: readonly Kustomization[] = [];
  const done = async () => {
    last = await kustomizations(cluster);
    const failed = last.filter(hasFailed);
    if (failed.length > 0) throw new Hopeless(states(failed).join('\n'));
    for (const one of last) {
      const { name } = one.metadata;
      if (isReady(one) && !order.includes(name)) order.push(name);
    }
    const there = last.map(({ metadata }) => metadata.name).sort();
    return (
      JSON.stringify(there) === JSON.stringify([...names].sort()) &&
      last.every((one) => isReady(one) && one.status?.lastAppliedRevision === revision)
    );
  };
  try {
    await until(`${names.join(', ')} are ready`, done);
  } catch (error) {
    if (error instanceof Hopeless) throw error;
    throw new Error(states(last).join('\n'), { cause: error });
  }
  return order;
}
