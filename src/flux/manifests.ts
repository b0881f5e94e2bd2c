import { deliveryName } from '../delivery/names.ts';
import { isNamespace, type KubeObject } from '../delivery/objects.ts';
import { accountObjects, type Account } from '../delivery/rights.ts';
import { ordered, rightsName, type FluxFile, type FluxProps } from './props.ts';

/**
 * The namespaces that Rollcall makes stand with the accounts' rights, which bind in them: an account
 * has no right to any namespace.
 */
export function manifests({ fleet, delivery, cluster }: FluxProps): readonly FluxFile[] {
  const folder = `manifests/${cluster.name}`;
  const file = (part: string, objects: readonly KubeObject[]) => ({
    path: `${folder}/${part}/${part}.k8s.yaml`,
    objects,
  });
  const charts = ordered(cluster);
  if (delivery.flux.serviceAccountName !== undefined) {
    return charts.map(({ kind, objects }) => file(kind, objects));
  }
  const accounts = ownAccounts({ fleet, delivery, cluster });
  return [
    file(rightsName, [
      ...charts.flatMap(({ objects }) => objects.filter(isNamespace)),
      ...accounts.flatMap(({ account, objects }) => accountObjects(account, objects)),
    ]),
    ...accounts.map(({ account, objects }) => file(account.chart, objects)),
  ];
}

/** An account of Rollcall's own, and what it applies. */
export interface OwnAccount {
  readonly account: Account;
  readonly objects: readonly KubeObject[];
}

/** One for each chart; none where someone else's account applies them, as it always does by Helm. */
export function ownAccounts({
  fleet,
  delivery: { flux },
  cluster,
}: Pick<FluxProps, 'fleet' | 'delivery' | 'cluster'>): readonly OwnAccount[] {
  if (flux.serviceAccountName !== undefined) return [];
  const { namespace } = flux.source;
  return ordered(cluster).map(({ kind, objects }) => ({
    account: { fleet, chart: kind, name: deliveryName(fleet, kind), namespace },
    objects: objects.filter((object) => !isNamespace(object)),
  }));
}
