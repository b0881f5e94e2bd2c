import { readMapRolesText } from '../../../../src/simulator/load/aws-auth-config-map.ts';
import { breakLink, type Broken } from '../../../../src/simulator/breaks.ts';
import type { Lab, Laboratory } from '../../../contract/laboratory.ts';
import { mapRoles } from './apply.ts';
import { openGateway, type Gateway } from './gateway.ts';
import { startRealFleet, type RealFleet } from './real-fleet.ts';
import { makeRealPod } from './real-pod.ts';
import { revertStamps } from './revert.ts';
import { stampsOf } from './stamps.ts';

/** Simulated AWS in front of real clusters. */
export const realLaboratory: Laboratory = {
  name: 'real',
  concurrent: false,
  start: async (options) => {
    const fleet = await startRealFleet(options);
    try {
      return await realLab(fleet);
    } catch (error) {
      await fleet.close();
      throw error;
    }
  },
};

async function realLab(fleet: RealFleet): Promise<Lab> {
  const { world, folder } = fleet;
  const gateways = new Map<string, Gateway>();
  const stopping = new AbortController();
  for (const cluster of world.clusters.values()) {
    const gateway = await openGateway(cluster.name, fleet.cluster(cluster.name).server);
    gateways.set(cluster.name, gateway);
    cluster.endpoint = gateway.url;
    cluster.certificateAuthority = Buffer.from(gateway.ca).toString('base64');
  }
  const gatewayOf = (cluster: string): Gateway => {
    const gateway = gateways.get(cluster);
    if (!gateway) throw new Error(`no cluster ${cluster}`);
    return gateway;
  };
  return {
    folder,
    world,
    kube: (cluster) => gatewayOf(cluster).kube,
    admin: (cluster, { path, ...request }) => fleet.cluster(cluster).admin.send(path, request),
    pod: (options) => makeRealPod(fleet, { ...options, apiServer: gatewayOf }),
    stamps: () => stampsOf(fleet),
    breakLink: async (link) => {
      if (link === 'gitops-revert') {
        return revertStamps(fleet.cluster('golf-prd'), 'argocd-controller', stopping.signal);
      }
      const broken = breakLink(world, link);
      await mirror(fleet, broken);
      return broken.changes;
    },
    close: async () => {
      stopping.abort();
      for (const gateway of gateways.values()) await gateway.close();
      await fleet.close();
    },
  };
}

/** What was broken in the simulated cluster is broken in the real one; IAM is in use as it is. */
async function mirror(fleet: RealFleet, { link, cluster: name }: Broken): Promise<void> {
  const simulated = name === undefined ? undefined : fleet.world.clusters.get(name);
  if (!simulated) return;
  const real = fleet.cluster(simulated.name);
  if (link === 'mapping') await mapRoles(real, () => readMapRolesText(simulated.kube) ?? '');
  if (link !== 'rbac') return;
  for (const { kind, metadata } of simulated.manifests) {
    if (kind !== 'RoleBinding') continue;
    const { namespace = '', name: binding } = metadata;
    if (simulated.kube.read(kind, namespace, binding)) continue;
    const path = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings/${binding}`;
    await real.admin.call(path, { method: 'DELETE' });
  }
}
