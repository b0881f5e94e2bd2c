import type { EksPodIdentity } from '../../../src/identities/pod-identity.ts';
import type { Fleet, PodService } from '../../../src/fleet/model.ts';
import { clusterArn, isUserArn, issuerHostPath } from '../../../src/names/arn.ts';
import { callersOf } from './callers.ts';
import { isOfFamily, type RolePlace } from './fleet-asks.ts';
import { isSame, listOf, type Statement } from './iam-documents.ts';

/** What a statement of a trust policy lets in that the fleet file doesn't, or lets in more widely. */
export function trustViolations(
  statement: Statement,
  place: RolePlace,
  fleet: Fleet,
): readonly string[] {
  const { Principal, Resource } = statement;
  if (Principal === undefined || Resource !== undefined) return ['a trust without a principal'];
  if ('Federated' in Principal) return webIdentity(statement, Principal.Federated, place, fleet);
  if ('Service' in Principal) return podIdentity(statement, Principal.Service, place, fleet);
  return listOf(Principal.AWS).flatMap((arn) =>
    isPeoples(statement, arn, place, fleet) || isCallers(statement, arn, place, fleet)
      ? []
      : [`lets ${arn} in as the fleet doesn’t ask: ${statement.Sid}`],
  );
}

const podsOf = ({ services }: Fleet): readonly PodService[] =>
  services.filter((service) => service.kind === 'pod');

const isOwn = ({ account, role }: PodService, place: RolePlace): boolean =>
  account.id === place.account && role === place.role;

const providerArn =
  /^arn:(?:aws|aws-cn|aws-us-gov):iam::(\d{12}):oidc-provider\/([a-z0-9.-]+(?:\/[\w.~-]+)*)$/;

/** Of the role's own account, for exact subjects and one exact audience, and for nothing less. */
function webIdentity(
  { Action, Condition }: Statement,
  provider: string,
  place: RolePlace,
  fleet: Fleet,
): readonly string[] {
  const [, account, issuer = ''] = providerArn.exec(provider) ?? [];
  const { [`${issuer}:sub`]: sub, [`${issuer}:aud`]: aud } = Condition?.StringEquals ?? {};
  const isExact =
    Action === 'sts:AssumeRoleWithWebIdentity' &&
    account === place.account &&
    typeof aud === 'string' &&
    sub !== undefined &&
    isSame(Condition, { StringEquals: { [`${issuer}:sub`]: sub, [`${issuer}:aud`]: aud } });
  if (!isExact) return [`not exactly the subjects of ${provider}`];
  return listOf(sub)
    .filter(
      (subject) => !podsOf(fleet).some((pod) => isToken(pod, { issuer, aud, subject }, place)),
    )
    .map((subject) => `lets ${subject} of ${issuer} in for ${aud}, which the fleet doesn’t ask`);
}

interface Token {
  readonly issuer: string;
  readonly aud: string;
  readonly subject: string;
}

function isToken(pod: PodService, { issuer, aud, subject }: Token, place: RolePlace): boolean {
  const { podIdentity, cluster, namespace, serviceAccount, reach } = pod;
  const reaches = reach.some(
    ({ role, clusters }) =>
      isOfFamily(place.role, role) && clusters.some((one) => one.account.id === place.account),
  );
  return (
    podIdentity.kind === 'irsa' &&
    podIdentity.audience === aud &&
    cluster.oidcIssuer !== undefined &&
    issuerHostPath(cluster.oidcIssuer) === issuer &&
    subject === `system:serviceaccount:${namespace}:${serviceAccount}` &&
    (isOwn(pod, place) || (podIdentity.hops === 1 && reaches))
  );
}

/** EKS itself, for one cluster of the account, and (with session tags) one ServiceAccount of it. */
function podIdentity(
  { Action, Condition }: Statement,
  service: string,
  place: RolePlace,
  fleet: Fleet,
): readonly string[] {
  const isAsked = podsOf(fleet).some(
    (pod) =>
      pod.podIdentity.kind === 'eks-pod-identity' &&
      isOwn(pod, place) &&
      isSame(Condition, conditionOf(pod, pod.podIdentity)),
  );
  return service === 'pods.eks.amazonaws.com' &&
    isSame(Action, ['sts:AssumeRole', 'sts:TagSession']) &&
    isAsked
    ? []
    : [`lets pods in by ${service} as the fleet doesn’t ask`];
}

const conditionOf = (pod: PodService, { sessionTags }: EksPodIdentity) => ({
  StringEquals: {
    'aws:SourceAccount': pod.account.id,
    ...(sessionTags ? podTags(pod) : {}),
  },
  ArnEquals: { 'aws:SourceArn': arnOf(pod) },
});

const arnOf = ({ cluster: { partition, region, account, eksCluster } }: PodService): string =>
  clusterArn(partition, region, account.id, eksCluster);

const podTags = (pod: PodService) => ({
  'aws:RequestTag/eks-cluster-arn': arnOf(pod),
  'aws:RequestTag/kubernetes-namespace': pod.namespace,
  'aws:RequestTag/kubernetes-service-account': pod.serviceAccount,
});

/** Who the fleet file trusts with a role for people: an IAM user by a second factor, if not without. */
const isPeoples = (
  { Action, Condition }: Statement,
  arn: string,
  { account, role }: RolePlace,
  { users }: Fleet,
): boolean =>
  Action === 'sts:AssumeRole' &&
  users.some(
    ({ principal, clusters }) =>
      principal.kind === 'role' &&
      principal.role === role &&
      principal.trusted.some((one) => one === arn) &&
      clusters.some((cluster) => cluster.account.id === account) &&
      isSame(
        Condition,
        principal.mfa && isUserArn(arn)
          ? { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }
          : undefined,
      ),
  );

/** A role that hands this one on, with what its session carries, and an action for each such thing. */
const isCallers = (
  { Action, Condition }: Statement,
  arn: string,
  place: RolePlace,
  fleet: Fleet,
): boolean =>
  callersOf(fleet, place).some((caller) => {
    const { pod, externalId, sourceIdentity } = caller;
    const tags = pod && pod.podIdentity.kind === 'eks-pod-identity' && pod.podIdentity.sessionTags;
    const equals = {
      ...(externalId === undefined ? {} : { 'sts:ExternalId': externalId }),
      ...(tags ? podTags(pod) : {}),
      ...(sourceIdentity === undefined ? {} : { 'sts:SourceIdentity': sourceIdentity }),
    };
    const actions = [
      'sts:AssumeRole',
      ...(tags ? ['sts:TagSession'] : []),
      ...(sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
    ];
    return (
      caller.arn === arn &&
      isSame(listOf(Action), actions) &&
      isSame(Condition, Object.keys(equals).length === 0 ? undefined : { StringEquals: equals })
    );
  });
