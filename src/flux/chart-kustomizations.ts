import { deliveryName, inRepository } from '../delivery/names.ts';
import type { DeliveredCluster, KubeObject } from '../delivery/objects.ts';
import { infrastructureCharts } from './infrastructure-charts.ts';
import { kustomization } from './kustomization.ts';
import { needs, type ChartKind } from './order.ts';
import { infrastructureName, installedOf, ordered, rightsName, type FluxProps } from './props.ts';

const usesNamespace = ({ charts }: DeliveredCluster<ChartKind>, namespace: string): boolean =>
  charts.some(({ objects }) => objects.some(({ metadata }) => metadata.namespace === namespace));

/** One for each chart, after what it needs and the chart before; first of all, the accounts. */
export function chartKustomizations({
  fleet,
  delivery,
  cluster,
  infrastructure,
}: FluxProps): readonly KubeObject[] {
  const { flux } = delivery;
  const installed = installedOf(infrastructure);
  const place = (part: string) => inRepository(delivery.path, `manifests/${cluster.name}/${part}`);
  const ownAccounts = flux.serviceAccountName === undefined;
  const rights = {
    flux,
    name: deliveryName(fleet, rightsName),
    path: place(rightsName),
    // Rights are given in namespaces that are there.
    dependsOn: installed
      .filter((one) => usesNamespace(cluster, infrastructureCharts[one].namespace))
      .map(infrastructureName),
    // An account that went before its Kustomization would leave all behind that it had applied
    // (kustomize-controller, `finalize`).
    prune: false,
    serviceAccountName: flux.adminServiceAccountName,
  };
  const charts = ordered(cluster).map(({ kind }, index, all) => {
    const before = all[index - 1];
    const name = deliveryName(fleet, kind);
    return kustomization({
      flux,
      name,
      path: place(kind),
      dependsOn: [
        ...(ownAccounts ? [rights.name] : []),
        ...needs[kind].filter((one) => installed.includes(one)).map(infrastructureName),
        ...(before ? [deliveryName(fleet, before.kind)] : []),
      ],
      prune: flux.prune,
      serviceAccountName: flux.serviceAccountName ?? name,
    });
  });
  return [...(ownAccounts && charts.length > 0 ? [kustomization(rights)] : []), ...charts];
}
