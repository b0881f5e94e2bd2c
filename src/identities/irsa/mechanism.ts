import { oidcProviderArn } from '../../names/arn.ts';
import type { AccountId } from '../../names/arn.ts';
import type {
  HostCluster,
  IdentityMechanism,
  IdentityPlan,
  IdentityRequest,
} from '../mechanism.ts';
import type { Irsa } from '../pod-identity.ts';
import type { WebIdentityTrust } from '../trust.ts';
import { irsaWiring } from './wiring.ts';

/** STS's audience for web identities: the webhook's default (aws/amazon-eks-pod-identity-webhook, main.go). */
export const webIdentityAudience = 'sts.amazonaws.com';

/** IAM roles for service accounts (EKS user guide, "IAM roles for service accounts"). */
export const irsa: IdentityMechanism<'irsa'> = {
  kind: 'irsa',
  hostFault: ({ oidcIssuer }) =>
    oidcIssuer === undefined
      ? {
          found: 'no oidcIssuer',
          expected: 'the issuer of the cluster’s tokens: roles trust it',
          next: 'Add oidcIssuer to the cluster: what `aws eks describe-cluster --query cluster.identity.oidc.issuer` shows.',
        }
      : undefined,
  namespaceAnnotations: () => ({}),
  plan: (request) => (request.identity.hops === 1 ? direct(request) : chained(request)),
};

function chained(request: IdentityRequest<Irsa>): IdentityPlan {
  const { role, host, sourceIdentity } = request;
  return {
    trusts: [webIdentityTrust(request, host.account)],
    assumedBy: [],
    targetTrust: ({ externalId }) => ({
      kind: 'role',
      roleArn: role.arn,
      ...(externalId === undefined ? {} : { externalId }),
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    }),
    chained: true,
    targetSessionSeconds: 3600,
    wiring: irsaWiring(request.identity, role.arn, host.region),
    job: {
      kind: 'irsa',
      roleArn: role.arn,
      region: host.region,
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    },
  };
}

/**
 * Every target's role trusts the ServiceAccount itself. An annotation holds one role: the service's
 * own where it has permissions of its own, else the one target's, else none, and the token is
 * mounted without a role.
 */
function direct(request: IdentityRequest<Irsa>): IdentityPlan {
  const { identity, role, host, targets, hasOwnPermissions } = request;
  const [first, second] = targets;
  const only = second === undefined ? first : undefined;
  return {
    trusts: hasOwnPermissions ? [webIdentityTrust(request, host.account)] : [],
    assumedBy: [],
    targetTrust: ({ account }) => webIdentityTrust(request, account),
    chained: false,
    targetSessionSeconds: identity.sessionSeconds,
    wiring: irsaWiring(identity, hasOwnPermissions ? role.arn : only, host.region),
    job: { kind: 'irsa-direct', region: host.region, sessionSeconds: identity.sessionSeconds },
  };
}

/** Exact subject and audience, by the issuer's provider in the role's own account. */
function webIdentityTrust(
  { identity, host, namespace, serviceAccount }: IdentityRequest<Irsa>,
  account: AccountId,
): WebIdentityTrust {
  const issuer = issuerOf(host);
  return {
    kind: 'web-identity',
    providerArn: oidcProviderArn(host.partition, account, issuer),
    issuer,
    audience: identity.audience,
    subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
  };
}

function issuerOf({ name, oidcIssuer }: HostCluster): string {
  if (oidcIssuer === undefined)
    throw new Error(`the fleet's checks let ${name} pass without an issuer`);
  return oidcIssuer;
}
