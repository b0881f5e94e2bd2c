import { deliveryName } from '../delivery/names.ts';
import { isNamespace, type KubeObject } from '../delivery/objects.ts';
import { accountObjects } from '../delivery/rights.ts';
import { ordered, rightsName, type FluxFile, type FluxProps } from './props.ts';

/**
 * The namespaces that Rollcall makes stand with the accounts' rights, which bind in them: an account
 * has no right to any namespace.
 */
export function manifests({ fleet, delivery, cluster }: FluxProps): readonly FluxFile[] {
  const { flux } = delivery;
  const folder = `manifests/${cluster.name}`;
  const file = (part: string, objects: readonly KubeObject[]) => ({
    path: `${folder}/${part}/${part}.k8s.yaml`,
    objects,
  });
  const charts = ordered(cluster);
  if (flux.serviceAccountName !== undefined) {
    return charts.map(({ kind, objects }) => file(kind, objects));
  }
  const parts = charts.map(({ kind, objects }) => ({
    kind,
    namespaces: objects.filter(isNamespace),
    others: objects.filter((object) => !isNamespace(object)),
  }));
  const accounts = parts.flatMap(({ kind, others }) => {
    const { namespace } = flux.source;
    const name = deliveryName(fleet, kind);
    return accountObjects({ fleet, chart: kind, name, namespace }, others);
  });
  return [
    file(rightsName, [...parts.flatMap(({ namespaces }) => namespaces), ...accounts]),
    ...parts.map(({ kind, others }) => file(kind, others)),
  ];
}
