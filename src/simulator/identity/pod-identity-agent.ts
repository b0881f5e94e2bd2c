import { z } from 'zod';
import { AwsError } from '../aws/aws-error.ts';
import { decodeClaims } from '../aws/issuers.ts';
import type { Issuers } from '../aws/issuers.ts';
import { assumeForPod } from '../aws/pod-identity.ts';
import type { Pod } from '../aws/pod-identity.ts';
import type { Sts } from '../aws/sts.ts';
import type { SimClock } from '../clock.ts';
import type { WorldCluster } from '../load/cluster.ts';
import { goError } from './node-credentials.ts';
import type { NodeAnswer } from './node-credentials.ts';

/** Whom the token is for (EKS user guide, "Understand how EKS Pod Identity works"). */
export const podIdentityAudience = 'pods.eks.amazonaws.com';

interface AgentWorld {
  readonly clock: SimClock;
  readonly issuers: Issuers;
  readonly sts: Sts;
}

/**
 * EKS Pod Identity's agent, and EKS Auth behind it (EKS Auth API reference, AssumeRoleForPodIdentity;
 * aws/eks-pod-identity-agent, pkg/errors/errors.go for the form of its refusals).
 */
export function askPodIdentity(
  world: AgentWorld,
  cluster: WorldCluster,
  token: string | undefined,
): NodeAnswer {
  if (!token) return goError(400, 'Service account token cannot be empty');
  try {
    const pod = podOf(world, cluster, token);
    const association = cluster.associations.find(
      (one) => one.namespace === pod.namespace && one.serviceAccount === pod.serviceAccount,
    );
    if (!association) {
      throw new AwsError(
        'ResourceNotFoundException',
        `No association found for ServiceAccount ${pod.namespace}/${pod.serviceAccount}.`,
        404,
      );
    }
    const { credentials, role, expiration } = assumeForPod(world.sts, association, pod);
    const body = {
      AccessKeyId: credentials.accessKeyId,
      SecretAccessKey: credentials.secretAccessKey,
      Token: credentials.sessionToken,
      AccountId: role.account,
      Expiration: new Date(expiration).toISOString(),
    };
    return { status: 200, type: 'application/json', body: JSON.stringify(body) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return goError(error.status, `[none]: (${error.code}): ${error.message}, fault: client`);
  }
}

/** Whose token it is. Throws `AwsError` for one that EKS Auth does not take. */
function podOf({ clock, issuers }: AgentWorld, { oidcIssuer }: WorldCluster, token: string): Pod {
  const claims = decodeClaims(token);
  if (!claims || claims.iss !== oidcIssuer || issuers.verifySignature(token) !== undefined) {
    throw new AwsError('InvalidTokenException', 'The token is not one of this cluster.');
  }
  if (clock.now() / 1000 >= claims.exp) {
    throw new AwsError('ExpiredTokenException', 'The token has expired.');
  }
  if (!claims.aud.includes(podIdentityAudience)) {
    throw new AwsError(
      'InvalidTokenException',
      `The audience of the token is ${claims.aud.join(', ')} instead of ${podIdentityAudience}.`,
    );
  }
  const [, namespace = '', serviceAccount = ''] =
    /^system:serviceaccount:([^:]+):([^:]+)$/.exec(claims.sub) ?? [];
  return { namespace, serviceAccount, ...ofPod.parse(claims['kubernetes.io']).pod };
}

/** A token of no pod has none of it. */
const ofPod = z
  .object({ pod: z.object({ name: z.string(), uid: z.string() }) })
  .catch({ pod: { name: 'none', uid: 'none' } });
