import { clusterArn } from '../../names/arn.ts';
import type { AccountId, Region } from '../../names/arn.ts';
import { AwsError } from '../aws/aws-error.ts';
import type { Iam } from '../aws/iam.ts';
import type { WorldCluster } from './cluster.ts';
import type { StepOf } from './apply-steps.ts';

export interface EksWorld {
  readonly iam: Iam;
  readonly clusters: ReadonlyMap<string, WorldCluster>;
}

type EksStep = StepOf<'create-access-entry' | 'create-pod-identity-association'>;

/** A step at EKS. Throws `AwsError`. */
export function applyEksStep(world: EksWorld, step: EksStep): void {
  const cluster = findCluster(world, step);
  switch (step.action) {
    case 'create-access-entry': {
      const { principalArn, username, groups, policies } = step;
      requirePrincipal(world.iam, principalArn);
      cluster.accessEntries.create({ principalArn, username, groups, policies });
      return;
    }
    case 'create-pod-identity-association':
      associate(world, cluster, step);
  }
}

/** EKS API reference, CreatePodIdentityAssociation. */
function associate(
  { iam }: EksWorld,
  cluster: WorldCluster,
  step: StepOf<'create-pod-identity-association'>,
): void {
  const { namespace, serviceAccount, roleArn, targetRoleArn, disableSessionTags } = step;
  const { partition, region, account, eksCluster, associations, externalIds } = cluster;
  const taken = associations.some(
    (one) => one.namespace === namespace && one.serviceAccount === serviceAccount,
  );
  if (taken) {
    throw new AwsError(
      'ResourceInUseException',
      `Association already exists: ${namespace}/${serviceAccount}.`,
      409,
    );
  }
  if (!iam.role(roleArn)) {
    throw new AwsError('InvalidParameterException', `Role provided in the request does not exist.`);
  }
  const externalId = externalIds[`${namespace}/${serviceAccount}`];
  associations.push({
    clusterArn: clusterArn(partition, region as Region, account as AccountId, eksCluster),
    namespace,
    serviceAccount,
    roleArn,
    ...(targetRoleArn === undefined ? {} : { targetRoleArn }),
    ...(targetRoleArn === undefined || externalId === undefined ? {} : { externalId }),
    disableSessionTags,
  });
}

function findCluster({ clusters }: EksWorld, step: EksStep): WorldCluster {
  const { account, region, cluster: eksCluster } = step;
  const found = [...clusters.values()].find(
    (one) => one.account === account && one.region === region && one.eksCluster === eksCluster,
  );
  if (found) return found;
  throw new AwsError('ResourceNotFoundException', `No cluster found for name: ${eksCluster}.`, 404);
}

/** A role must be there: EKS keeps its unique id. Users of other people are not simulated. */
function requirePrincipal(iam: Iam, arn: string): void {
  if (!arn.includes(':role/') || iam.role(arn)) return;
  throw new AwsError(
    'InvalidParameterException',
    `The specified principalArn is invalid: invalid principal ${arn}.`,
  );
}
