import type { KubeObject } from '../../../support/kube-client.ts';
import { Hopeless, until } from '../../../support/wait.ts';
import type { RealCluster } from '../cluster/cluster.ts';
import type { FluxControllers } from './flux-controllers.ts';

/** Flux's own kinds, as far as tests wait for them. */
const resources = {
  GitRepository: '/apis/source.toolkit.fluxcd.io/v1/namespaces/NS/gitrepositories',
  HelmRelease: '/apis/helm.toolkit.fluxcd.io/v2/namespaces/NS/helmreleases',
  Kustomization: '/apis/kustomize.toolkit.fluxcd.io/v1/namespaces/NS/kustomizations',
  OCIRepository: '/apis/source.toolkit.fluxcd.io/v1/namespaces/NS/ocirepositories',
} as const;

export interface FluxRef {
  readonly kind: keyof typeof resources;
  readonly name: string;
  /** Default: `flux-system`. */
  readonly namespace?: string;
}

export interface FluxObject extends KubeObject {
  readonly status?: {
    readonly observedGeneration?: number;
    readonly lastHandledReconcileAt?: string;
    readonly lastAppliedRevision?: string;
    readonly artifact?: { readonly revision: string };
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason: string;
      readonly message: string;
      readonly lastTransitionTime: string;
    }[];
    readonly history?: readonly { readonly chartVersion: string; readonly status: string }[];
  };
}

export const pathOf = ({ kind, name, namespace = 'flux-system' }: FluxRef): string =>
  `${resources[kind].replace('NS', namespace)}/${name}`;

const readyOf = ({ status }: FluxObject) =>
  status?.conditions?.find(({ type }) => type === 'Ready');

/** Waits until it is ready as it now is, and what `also` asks for holds. */
export async function ready(
  cluster: RealCluster,
  controllers: FluxControllers,
  ref: FluxRef,
  also: (object: FluxObject) => boolean = () => true,
): Promise<FluxObject> {
  let last = 'it is not there';
  const ask = async () => {
    const ended = controllers.failure();
    if (ended !== undefined) throw new Hopeless(ended);
    const found = (await cluster.admin.find(pathOf(ref))) as FluxObject | undefined;
    if (!found) return undefined;
    const condition = readyOf(found);
    last = `${condition?.reason ?? '?'}: ${condition?.message ?? ''}`;
    const isCurrent = found.status?.observedGeneration === found.metadata.generation;
    return condition?.status === 'True' && isCurrent && also(found) ? found : undefined;
  };
  try {
    return await until(`${ref.kind} ${ref.name} is ready`, ask);
  } catch (error) {
    throw new Error(`${ref.kind} ${ref.name}: ${last}`, { cause: error });
  }
}

/** When it became ready, in seconds. */
export const readySince = (object: FluxObject): number =>
  Date.parse(readyOf(object)?.lastTransitionTime ?? '') / 1000;

/** As `flux reconcile`: looked at again, and done. */
export async function reconcile(
  cluster: RealCluster,
  controllers: FluxControllers,
  ref: FluxRef,
): Promise<FluxObject> {
  const at = new Date().toISOString();
  await cluster.admin.call(pathOf(ref), {
    method: 'PATCH',
    body: { metadata: { annotations: { 'reconcile.fluxcd.io/requestedAt': at } } },
  });
  return ready(cluster, controllers, ref, ({ status }) => status?.lastHandledReconcileAt === at);
}

/** Waits until it is no longer there. */
export const gone = (cluster: RealCluster, ref: FluxRef): Promise<unknown> =>
  until(`${ref.kind} ${ref.name} is gone`, async () => {
    return (await cluster.admin.find(pathOf(ref))) === undefined;
  });
