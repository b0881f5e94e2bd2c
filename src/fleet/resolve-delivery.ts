import type { Delivery, FluxDelivery, GitDelivery, Infrastructure } from './delivery-model.ts';
import type { DeliveryFile } from './schema-delivery.ts';
import type { FleetFile } from './schema.ts';

/** A fleet's delivery with its defaults. */
export function resolveDelivery(file: DeliveryFile, fleet: string): Delivery {
  const { git, flux = {}, argocd = {}, kustomize = {} } = file;
  return {
    path: folder(file.path ?? './'),
    ...(git ? { git: resolveGit(git) } : {}),
    // `flux-system` is what `flux bootstrap` has made, and `rollcall-…` another fleet's: a second writer
    // would fight over it.
    flux: resolveFlux(flux, git ? `rollcall-${fleet}` : 'flux-system'),
    argocd: { namespace: argocd.namespace ?? 'argocd' },
    kustomize: {
      overlayLabels: kustomize.overlayLabels ?? [],
      components: folder(kustomize.components ?? 'components'),
    },
  };
}

/** `./a/b/` → `a/b` */
const folder = (text: string): string => text.replace(/^\.(?:\/|$)/, '').replace(/\/$/, '');

function resolveGit({ url, branch, secret }: NonNullable<DeliveryFile['git']>): GitDelivery {
  const named = secret ?? (url.startsWith('ssh://') ? 'rollcall-deploy-key' : undefined);
  return { url, branch: branch ?? 'main', ...(named === undefined ? {} : { secret: named }) };
}

function resolveFlux(file: NonNullable<DeliveryFile['flux']>, sourceName: string): FluxDelivery {
  const { source = {}, serviceAccountName, adminServiceAccountName } = file;
  return {
    source: {
      kind: source.kind ?? 'GitRepository',
      name: source.name ?? sourceName,
      namespace: source.namespace ?? 'flux-system',
    },
    interval: file.interval ?? '10m',
    retryInterval: file.retryInterval ?? '2m',
    timeout: file.timeout ?? '5m',
    prune: file.prune ?? true,
    ...(serviceAccountName === undefined ? {} : { serviceAccountName }),
    ...(adminServiceAccountName === undefined ? {} : { adminServiceAccountName }),
    via: resolveVia(file),
  };
}

function resolveVia(file: NonNullable<DeliveryFile['flux']>): FluxDelivery['via'] {
  if (file.via !== 'helm') return { kind: 'manifests' };
  const { registry, serviceAccountName } = file;
  if (registry === undefined || serviceAccountName === undefined) {
    throw new Error('checkMeaning let charts pass without a registry or an account');
  }
  return { kind: 'helm', registry, serviceAccountName };
}

/** What a cluster uses; nothing where it says nothing. */
export function resolveInfrastructure(
  file: FleetFile['clusters'][number]['infrastructure'] = {},
): Infrastructure {
  const said = Object.entries(file).filter((entry) => entry[1] !== undefined);
  return Object.fromEntries(said);
}
