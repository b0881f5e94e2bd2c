import { defaultEksPodIdentity, defaultIdentity, defaultIrsa } from '../identities/defaults.ts';
import type { KiamAgent, Kube2iamAgent } from '../identities/agents.ts';
import type { PodIdentity } from '../identities/pod-identity.ts';
import {
  type AccountId,
  type Partition,
  type RoleArn,
  roleArn,
  type RoleName,
} from '../names/arn.ts';
import { seconds } from './resolve-gates.ts';
import type { FleetPath } from './diagnostic.ts';
import type { Cluster, LeftIdentity, PodService } from './model.ts';
import type { AgentsFile, PodIdentityFile } from './schema-identity.ts';

/** A mechanism with its defaults. */
function resolvePodIdentity(file: PodIdentityFile): PodIdentity {
  if (typeof file === 'string') return defaultIdentity[file];
  const { irsa, 'eks-pod-identity': eksPodIdentity, kiam, kube2iam } = file;
  if (irsa) {
    const { tokenExpiration, sessionDuration } = irsa;
    return {
      kind: 'irsa',
      hops: irsa.hops ?? defaultIrsa.hops,
      audience: irsa.audience ?? defaultIrsa.audience,
      tokenExpirationSeconds:
        tokenExpiration === undefined
          ? defaultIrsa.tokenExpirationSeconds
          : seconds(tokenExpiration),
      regionalEndpoints: irsa.regionalEndpoints ?? defaultIrsa.regionalEndpoints,
      webhook: irsa.webhook ?? defaultIrsa.webhook,
      sessionSeconds:
        sessionDuration === undefined ? defaultIrsa.sessionSeconds : seconds(sessionDuration),
    };
  }
  if (eksPodIdentity) {
    return {
      kind: 'eks-pod-identity',
      targetRole: eksPodIdentity.targetRole ?? defaultEksPodIdentity.targetRole,
      sessionTags: eksPodIdentity.sessionTags ?? defaultEksPodIdentity.sessionTags,
    };
  }
  if (kiam) return defaultIdentity.kiam;
  if (kube2iam) return defaultIdentity.kube2iam;
  throw new Error('the schema let a podIdentity pass in which nothing stands');
}

/** What the two keys say where they stand. */
export interface IdentityFile {
  readonly podIdentity?: PodIdentityFile | undefined;
  readonly migratingFrom?: PodIdentityFile | undefined;
}

/** A cluster's: what its services have where they say nothing else. */
export const resolveClusterIdentity = (
  { podIdentity = 'irsa', migratingFrom }: IdentityFile,
  path: FleetPath,
): Pick<Cluster, 'podIdentity' | 'migratingFrom'> => ({
  podIdentity: resolvePodIdentity(podIdentity),
  ...left(migratingFrom, path),
});

/** A service's: the cluster leaves its own way to an identity, not that which a service has of itself. */
export function resolveServiceIdentity(
  { podIdentity, migratingFrom }: IdentityFile,
  hub: Cluster,
  path: FleetPath,
): Pick<PodService, 'podIdentity' | 'migratingFrom'> {
  if (podIdentity !== undefined) {
    return { podIdentity: resolvePodIdentity(podIdentity), ...left(migratingFrom, path) };
  }
  const ofHub = hub.migratingFrom ? { migratingFrom: hub.migratingFrom } : {};
  return { podIdentity: hub.podIdentity, ...ofHub, ...left(migratingFrom, path) };
}

const left = (
  file: PodIdentityFile | undefined,
  path: FleetPath,
): { readonly migratingFrom?: LeftIdentity } =>
  file === undefined ? {} : { migratingFrom: { identity: resolvePodIdentity(file), path } };

/** The account of a cluster, and the path of Rollcall's own roles. */
export interface AgentsPlace {
  readonly partition: Partition;
  readonly account: AccountId;
  readonly iamPath: string;
}

/** A cluster's agents with their defaults. Roles of someone else's have no path. */
export function resolveAgents(
  { kiam, kube2iam }: AgentsFile,
  { partition, account, iamPath }: AgentsPlace,
): { readonly kiam?: KiamAgent; readonly kube2iam?: Kube2iamAgent } {
  const arn = (name: string, path = '/'): RoleArn =>
    roleArn(partition, account, name as RoleName, path);
  return {
    ...(kiam && {
      kiam: {
        existing: kiam.existing ?? false,
        version: kiam.version ?? 'v4',
        namespace: kiam.namespace ?? 'kiam',
        existingNamespace: kiam.existingNamespace ?? false,
        serverRoleArn: arn(kiam.serverRole, kiam.existingServerRole ? '/' : iamPath),
        existingServerRole: kiam.existingServerRole ?? false,
        nodeRoleArn: arn(kiam.nodeRole),
        serverNodes: kiam.serverNodes ?? { 'kiam-server': 'true' },
        issuer: kiam.issuer ?? 'issuer',
        hostInterface: kiam.hostInterface ?? 'eni+',
        sessionSeconds: seconds(kiam.sessionDuration ?? '15m'),
      },
    }),
    ...(kube2iam && {
      kube2iam: {
        existing: kube2iam.existing ?? false,
        namespace: kube2iam.namespace ?? 'kube-system',
        existingNamespace: kube2iam.existingNamespace ?? false,
        nodeRoleArns: kube2iam.nodeRoles.map((name) => arn(name)),
        hostInterface: kube2iam.hostInterface ?? 'eni+',
        format: kube2iam.format ?? 'glob',
        sessionSeconds: seconds(kube2iam.sessionDuration ?? '15m'),
      },
    }),
  };
}
