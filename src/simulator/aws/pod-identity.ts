import { AwsError } from './aws-error.ts';
import type { Session } from './sessions.ts';
import type { Sts } from './sts.ts';

/** EKS's link from a ServiceAccount to a role (EKS API reference, PodIdentityAssociation). */
export interface PodIdentityAssociation {
  /** `arn:…:eks:REGION:ACCOUNT:cluster/NAME`. */
  readonly clusterArn: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** Of the cluster's own account. */
  readonly roleArn: string;
  /** A role of any account that the first one assumes. Default: the pod is the first role. */
  readonly targetRoleArn?: string;
  /** Which the association gives out, for the target's trust. Default: none is passed. */
  readonly externalId?: string;
  /** Default: false. */
  readonly disableSessionTags?: boolean;
}

export interface Pod {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly name: string;
  readonly uid: string;
}

const service = 'pods.eks.amazonaws.com';
/** Seconds: six hours of one role, an hour of a chained one (EKS user guide, target IAM roles). */
const alone = 21_600;
const chained = 3600;

/**
 * EKS Auth's AssumeRoleForPodIdentity: the service assumes the association's role with the pod's
 * six tags, all of them transitive, then with that session the target role. Throws `AwsError`.
 */
export function assumeForPod(sts: Sts, association: PodIdentityAssociation, pod: Pod): Session {
  const { clusterArn, roleArn, targetRoleArn, externalId } = association;
  if (
    association.namespace !== pod.namespace ||
    association.serviceAccount !== pod.serviceAccount
  ) {
    throw new AwsError(
      'ResourceNotFoundException',
      `No association found for ServiceAccount ${pod.namespace}/${pod.serviceAccount}.`,
      404,
    );
  }
  const sourceAccount = clusterArn.split(':')[4] ?? '';
  if (roleArn.split(':')[4] !== sourceAccount) {
    throw new AwsError(
      'InvalidParameterException',
      `The role ${roleArn} is not of the cluster's account ${sourceAccount}.`,
    );
  }
  const roleSessionName = sessionName(clusterArn, pod);
  const tags = association.disableSessionTags === true ? [] : podTags(clusterArn, pod);
  const first = unlessDenied(() =>
    sts.assumeRoleAsService(
      { service, sourceAccount, sourceArn: clusterArn },
      {
        roleArn,
        roleSessionName,
        durationSeconds: targetRoleArn === undefined ? alone : chained,
        tags,
        transitiveTagKeys: tags.map(({ key }) => key),
      },
    ),
  );
  if (targetRoleArn === undefined) return first;
  return unlessDenied(() =>
    sts.assumeRole(first, {
      roleArn: targetRoleArn,
      roleSessionName,
      durationSeconds: chained,
      ...(externalId === undefined ? {} : { externalId }),
    }),
  );
}

/** EKS user guide, "Grant Pods access to AWS resources based on tags". */
const podTags = (
  clusterArn: string,
  { namespace, serviceAccount, name, uid }: Pod,
): readonly { readonly key: string; readonly value: string }[] => [
  { key: 'eks-cluster-arn', value: clusterArn },
  { key: 'eks-cluster-name', value: clusterName(clusterArn) },
  { key: 'kubernetes-namespace', value: namespace },
  { key: 'kubernetes-service-account', value: serviceAccount },
  { key: 'kubernetes-pod-name', value: name },
  { key: 'kubernetes-pod-uid', value: uid },
];

const clusterName = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** At most 64 characters, as a session's name is. */
const sessionName = (clusterArn: string, { name, uid }: Pod): string =>
  `eks-${clusterName(clusterArn).slice(0, 10)}-${name.slice(0, 10)}-${uid}`.slice(0, 64);

/** EKS tells a pod nothing of which hop was refused; the refusal itself is in `cause`. */
function unlessDenied(assume: () => Session): Session {
  try {
    return assume();
  } catch (cause) {
    if (!(cause instanceof AwsError) || cause.code !== 'AccessDenied') throw cause;
    throw new AwsError(
      'AccessDeniedException',
      'Unauthorized Exception! EKS does not have permissions to assume the associated role.',
      400,
      { cause },
    );
  }
}
