import type { Cluster, Fleet, PodService, Reach } from '../fleet/model.ts';
import type { IdentityPlan } from '../identities/mechanism.ts';
import { webIdentityTokenFile } from '../identities/irsa/wiring.ts';
import type { RoleArn } from '../names/arn.ts';
import type { AccessProblem } from './codes.ts';
import type { AwsConfig, AwsProfile, Kubeconfig } from './graph.ts';
import type { Identities } from './identities.ts';
import { serviceSessionName } from './names.ts';
import { ownRoleArn, targetRoleArn } from './role-arns.ts';

/** The profile of the service's own role. */
const ownProfile = 'default';

/** A profile for each cluster that the service reaches, by the cluster's name (seed 003). */
export function planAwsConfig(fleet: Fleet, service: PodService, pod: IdentityPlan): AwsConfig {
  const { region } = service.cluster;
  const own = pod.trusts.length > 0 ? ownRoleArn(fleet, service) : undefined;
  const sessionName = serviceSessionName(service.id);
  return {
    configMap: `${service.id}-aws-config`,
    profiles: [
      { name: ownProfile, region, sessionName, ...ownSource(pod, own) },
      ...reached(service).map(([reach, cluster]) => ({
        name: profileOf(cluster),
        region: cluster.region,
        sessionName,
        ...targetSource(pod, targetRoleArn(fleet, reach, cluster), reach),
      })),
    ],
  };
}

/** How the pod becomes its own role: with IRSA by its token, else by what its node's agent answers. */
function ownSource(
  { job }: IdentityPlan,
  own: RoleArn | undefined,
): Pick<AwsProfile, 'roleArn' | 'source'> {
  const role = own === undefined ? {} : { roleArn: own };
  switch (job.kind) {
    case 'irsa':
    case 'irsa-direct':
      return { ...role, source: { kind: 'web-identity', tokenFile: webIdentityTokenFile } };
    case 'eks-pod-identity':
      return { source: { kind: 'container' } };
    case 'kiam':
    case 'kube2iam':
      return { source: { kind: 'metadata' } };
  }
}

/**
 * How the pod becomes a target's role. What an agent answers is no profile that another could name as
 * its source: it has a word of its own (there, "Assume role credential provider").
 */
function targetSource(
  { job }: IdentityPlan,
  roleArn: RoleArn,
  { externalId }: Reach,
): Pick<AwsProfile, 'roleArn' | 'externalId' | 'source'> {
  const hop = { roleArn, ...(externalId === undefined ? {} : { externalId }) };
  switch (job.kind) {
    case 'irsa':
      return { ...hop, source: { kind: 'profile', name: ownProfile } };
    case 'irsa-direct':
      return { roleArn, source: { kind: 'web-identity', tokenFile: webIdentityTokenFile } };
    case 'eks-pod-identity':
      // By the association's target role the pod has it already.
      return { ...(job.targetRole ? {} : hop), source: { kind: 'container' } };
    case 'kiam':
    case 'kube2iam':
      return { ...hop, source: { kind: 'metadata' } };
  }
}

/** A context for each cluster that the service reaches; the fleet's checks have seen to endpoints. */
export const planKubeconfig = (fleet: Fleet, service: PodService): Kubeconfig => ({
  configMap: `${service.id}-kubeconfig`,
  contexts: reached(service).map(([reach, cluster]) => ({
    cluster,
    roleArn: targetRoleArn(fleet, reach, cluster),
    profile: profileOf(cluster),
  })),
});

const reached = ({ reach: reaches }: PodService): readonly (readonly [Reach, Cluster])[] =>
  reaches.flatMap((reach) => reach.clusters.map((cluster) => [reach, cluster] as const));

/** A cluster of the name that the service's own profile has must have another: no cluster's begins so. */
const profileOf = ({ name }: Cluster): string => (name === ownProfile ? `_${name}` : name);

/**
 * A ConfigMap changes in the pods that have it mounted, those that run by the old way too
 * (kubernetes.io, "ConfigMaps": mounted ConfigMaps are updated automatically).
 */
export const movingProfiles = (fleet: Fleet, identities: Identities): readonly AccessProblem[] =>
  fleet.services.flatMap((service) => {
    const { pod, left } = identities.get(service.id) ?? {};
    if (service.kind !== 'pod' || !pod || !left) return [];
    if (!service.awsConfig && !service.kubeconfig) return [];
    const [fresh, old] = [pod, left].map((way) =>
      JSON.stringify(planAwsConfig(fleet, service, way).profiles),
    );
    if (fresh === old) return [];
    const key = service.awsConfig ? 'awsConfig' : 'kubeconfig';
    return [
      {
        code: 'access/moving-profiles' as const,
        path: [...service.path, key],
        found: `${key}: true, on the move: profiles of ${movedWays(service)}, in pods that run as well`,
        expected: 'profiles by which running pods and new ones both have their roles',
        next: 'Give the workloads a second service on the new way, with a ServiceAccount and roles of its own; mount its profiles, and remove this one.',
      },
    ];
  });

function movedWays({ podIdentity, migratingFrom }: PodService): string {
  const from = migratingFrom?.identity.kind ?? '';
  const others = from === podIdentity.kind ? ' with other hops' : '';
  return `${podIdentity.kind} in place of those of ${from}${others}`;
}
