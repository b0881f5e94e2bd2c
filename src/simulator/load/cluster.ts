import { partitionOf } from '../../names/arn.ts';
import type { Partition } from '../../names/arn.ts';
import { AccessEntries } from '../aws/access-entries.ts';
import { Authenticator } from '../aws/authenticator.ts';
import type { EksCluster } from '../aws/eks.ts';
import type { Issuers } from '../aws/issuers.ts';
import type { PodIdentityAssociation } from '../aws/pod-identity.ts';
import type { Sessions } from '../aws/sessions.ts';
import type { Sts } from '../aws/sts.ts';
import type { SimClock } from '../clock.ts';
import type { RunningPod } from '../identity/running-pod.ts';
import { authenticateServiceAccount } from '../identity/service-account-tokens.ts';
import { KubeCluster } from '../kube/api-server.ts';
import type { KubeUser } from '../kube/api-server.ts';
import { readAwsAuth, writeAwsAuth } from './aws-auth-config-map.ts';
import type { AwsAuthFragment, Manifest } from './generated-output.ts';
import type { PriorNodes } from './prior-nodes.ts';
import type { PriorCluster } from './prior-state.ts';

/** A cluster: what EKS says of it, and the Kubernetes behind it. */
export interface WorldCluster extends EksCluster {
  /** The fleet's name for it. */
  readonly name: string;
  readonly partition: Partition;
  readonly authenticator: Authenticator;
  readonly accessEntries: AccessEntries;
  /** EKS Pod Identity's, in the order in which they were made. */
  readonly associations: PodIdentityAssociation[];
  /** What EKS gives as their external ids, by `namespace/serviceAccount`. */
  readonly externalIds: Readonly<Record<string, string>>;
  /** What its nodes are, and which agents someone else runs on them. */
  readonly nodes: PriorNodes;
  /** Pods that ask for credentials, by `namespace/name`. */
  readonly pods: Map<string, RunningPod>;
  readonly kube: KubeCluster;
  /** Generated for it and applied: breaking a link starts from these. */
  manifests: readonly Manifest[];
  /** The aws-auth entries generated for it. */
  fragment?: AwsAuthFragment;
  /** Both are set when the cluster's server listens. */
  endpoint: string;
  certificateAuthority: string;
}

export interface ClusterWorld {
  readonly sts: Sts;
  readonly sessions: Sessions;
  readonly issuers: Issuers;
  readonly clock: SimClock;
  readonly adminToken?: string | undefined;
}

const admin: KubeUser = { username: 'cluster-admin', groups: ['system:masters'] };

/** A cluster as it was before: its namespaces, workloads and aws-auth. */
export function makeCluster(prior: PriorCluster, world: ClusterWorld): WorldCluster {
  const { name, account, region, oidcIssuer, eksCluster = name } = prior;
  const partition = partitionOf(region);
  const accessEntries = new AccessEntries(prior.authenticationMode);
  const authenticator = new Authenticator({
    ...world,
    clusterId: eksCluster,
    partition,
    accessEntries,
    mapRoles: () => readAwsAuth(kube).mapRoles,
    mapUsers: () => readAwsAuth(kube).mapUsers,
    mapAccounts: () => readAwsAuth(kube).mapAccounts,
  });
  const kube: KubeCluster = new KubeCluster({
    clock: world.clock,
    nodes: prior.nodes,
    argoRollouts: prior.argoRollouts,
    webhookAuthorizer: prior.webhookAuthorizer,
    authenticate: async (bearer) => {
      if (bearer === world.adminToken) return admin;
      const serviceAccount = authenticateServiceAccount(world, { kube, oidcIssuer }, bearer);
      if (serviceAccount) return serviceAccount;
      const result = await authenticator.authenticate(bearer);
      return result.kind === 'user' ? result.user : undefined;
    },
  });
  for (const namespace of prior.namespaces) {
    kube.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  }
  for (const deployment of prior.deployments) kube.addDeployment(deployment);
  for (const statefulSet of prior.statefulSets) kube.addStatefulSet(statefulSet);
  for (const daemonSet of prior.daemonSets) kube.addDaemonSet(daemonSet);
  for (const rollout of prior.rollouts) kube.addRollout(rollout);
  for (const metadata of prior.serviceAccounts) {
    kube.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata });
  }
  if (Object.keys(prior.awsAuth).length > 0) writeAwsAuth(kube, prior.awsAuth);
  return {
    name,
    account,
    region,
    eksCluster,
    partition,
    ...(oidcIssuer === undefined ? {} : { oidcIssuer }),
    authenticator,
    accessEntries,
    associations: [],
    externalIds: prior.associationExternalIds,
    tags: prior.tags,
    nodes: prior,
    pods: new Map(),
    kube,
    manifests: [],
    endpoint: '',
    certificateAuthority: '',
  };
}
