import type { Fleet, PodService } from '../../../src/fleet/model.ts';
import { defaultIdentity, defaultIrsa } from '../../../src/identities/defaults.ts';
import type { PodIdentity } from '../../../src/identities/pod-identity.ts';
import { mixFault } from '../../../src/identities/transition.ts';

/** One fleet before, during and after a move of all of its pods that can be moved. */
export interface Move {
  readonly before: Fleet;
  readonly during: Fleet;
  readonly after: Fleet;
  /** How many services move. */
  readonly count: number;
}

/** What each service's pods had before is drawn by `lot`, of what its cluster has. */
export function moveOf(after: Fleet, lot: number): Move {
  const left = new Map<string, PodIdentity>();
  after.services.forEach((service, index) => {
    const from = service.kind === 'pod' ? leavable(after, service) : [];
    const one = from[(lot + index) % Math.max(from.length, 1)];
    if (one) left.set(service.id, one);
  });
  return {
    before: changed(after, (service, identity) => ({ ...service, podIdentity: identity }), left),
    during: changed(
      after,
      (service, identity) => ({ ...service, migratingFrom: { identity, path: service.path } }),
      left,
    ),
    after,
    count: left.size,
  };
}

function leavable(fleet: Fleet, service: PodService): PodIdentity[] {
  const { podIdentity, cluster, reach } = service;
  const all: readonly PodIdentity[] = [
    ...(cluster.oidcIssuer === undefined ? [] : [defaultIrsa]),
    // One hop names nobody.
    ...(cluster.oidcIssuer === undefined || (fleet.iam.sourceIdentity && reach.length > 0)
      ? []
      : [{ ...defaultIrsa, hops: 1, sessionSeconds: 7200 } as const]),
    ...(cluster.kiam ? [defaultIdentity.kiam] : []),
    ...(cluster.kube2iam ? [defaultIdentity.kube2iam] : []),
  ];
  return all.filter(
    (from) =>
      formOf(from) !== formOf(podIdentity) &&
      !mixFault(from.kind, podIdentity.kind) &&
      (!(service.awsConfig || service.kubeconfig) || sourceOf(from) === sourceOf(podIdentity)),
  );
}

/** Running pods have the profiles mounted: a move that changes them is refused. */
const sourceOf = (identity: PodIdentity): string =>
  identity.kind === 'irsa' ? `irsa ${identity.hops}` : identity.kind;

const formOf = (identity: PodIdentity): string =>
  identity.kind === 'irsa' ? `irsa ${identity.hops} ${identity.audience}` : identity.kind;

function changed(
  fleet: Fleet,
  change: (service: PodService, left: PodIdentity) => PodService,
  left: ReadonlyMap<string, PodIdentity>,
): Fleet {
  const services = fleet.services.map((service) => {
    const identity = left.get(service.id);
    return service.kind === 'pod' && identity ? change(service, identity) : service;
  });
  const restarts = fleet.restarts.map((restart) => {
    const service = services.find(({ id }) => id === restart.service.id);
    return service?.kind === 'pod' ? { ...restart, service } : restart;
  });
  return { ...fleet, services, restarts };
}
