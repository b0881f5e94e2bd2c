import type { WorkloadKind } from '../../../../src/plan/restart-plan.ts';
import { safeText } from '../../redact.ts';
import { kinds } from '../kinds.ts';

export interface Owned {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The labels `<prefix>/name` and `<prefix>/namespace` (Flux, kustomize- and helm-controller: owner labels). */
const fluxOwners = [
  ['kustomize.toolkit.fluxcd.io', 'Flux Kustomization'],
  ['helm.toolkit.fluxcd.io', 'Flux HelmRelease'],
] as const;

/**
 * The GitOps agent that an object says it belongs to: `Flux Kustomization apps/web`. The label
 * `app.kubernetes.io/instance`, which Argo CD used to track by, is on too much else to prove it.
 */
export function gitOpsOwner(object: Owned): string | undefined {
  for (const [prefix, agent] of fluxOwners) {
    const name = object.labels[`${prefix}/name`];
    const namespace = object.labels[`${prefix}/namespace`];
    if (name !== undefined && namespace !== undefined)
      return safeText(`${agent} ${namespace}/${name}`);
  }
  const application = argoApplication(object);
  return application === undefined ? undefined : safeText(`Argo CD application ${application}`);
}

/**
 * `<application>:<group>/<kind>:<namespace>/<name>` (Argo CD, Resource tracking). An annotation that
 * was copied from another object names that one, and proves nothing.
 */
function argoApplication({ kind, namespace, name, annotations }: Owned): string | undefined {
  const trackingId = annotations['argocd.argoproj.io/tracking-id'];
  const own = `:${kinds[kind].group}/${kind}:${namespace}/${name}`;
  return trackingId?.endsWith(own) ? trackingId.slice(0, -own.length) : undefined;
}
