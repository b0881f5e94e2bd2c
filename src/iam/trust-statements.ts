import type {
  PeopleTrust,
  PodIdentityTrust,
  PodTags,
  RoleNode,
  RoleTrust,
  Trust,
  WebIdentityTrust,
} from '../access/graph.ts';
import { issuerHostPath } from '../names/arn.ts';
import { listOf, oneOrMore, type Conditions, type PolicyStatement } from './policy.ts';
import { pascal, sidPrefix, uniqueSid } from './sids.ts';

type Body = Omit<PolicyStatement, 'Sid'>;

/** A statement for each who is trusted, whom its Sid names: an owner sees whom it lets in. */
export function trustStatements(fleet: string, role: RoleNode): readonly PolicyStatement[] {
  const taken = new Set<string>();
  return role.trusts.map((trust) => {
    const sid = uniqueSid(`${sidPrefix(fleet)}Trusts${pascal(trustee(trust))}`, taken);
    return { Sid: sid, ...trustStatement(trust) };
  });
}

/**
 * The same in fewer characters: principals of equal actions and conditions share a statement, as do
 * subjects of one provider and audience, and Sids are but numbered.
 */
export function shortTrustStatements(fleet: string, role: RoleNode): readonly PolicyStatement[] {
  const groups = new Map<string, readonly [Trust, ...Trust[]]>();
  for (const trust of role.trusts) {
    const key = sharedBy(trust);
    const group = groups.get(key);
    groups.set(key, group ? [...group, trust] : [trust]);
  }
  return [...groups.values()].map((trusts, index) => ({
    Sid: `${sidPrefix(fleet)}T${index + 1}`,
    ...sharedStatement(trusts),
  }));
}

/** What trusts must have in common to share a statement. */
function sharedBy(trust: Trust): string {
  if (trust.kind === 'web-identity') return JSON.stringify([trust.providerArn, trust.audience]);
  const { Principal, ...others } = trustStatement(trust);
  // A service has no principals that a list could hold.
  return JSON.stringify(trust.kind === 'pod-identity' ? [others, Principal] : others);
}

function sharedStatement(trusts: readonly [Trust, ...Trust[]]): Body {
  const [first] = trusts;
  const body = trustStatement(first);
  switch (first.kind) {
    case 'web-identity':
      return webIdentityStatement(first, trusts.flatMap(subjectOf));
    case 'pod-identity':
      return body;
    case 'role':
    case 'people': {
      const principals = trusts.flatMap((trust) => awsPrincipals(trustStatement(trust)));
      return { ...body, Principal: { AWS: oneOrMore([...new Set(principals)]) } };
    }
  }
}

const subjectOf = (trust: Trust): readonly string[] =>
  trust.kind === 'web-identity' ? [trust.subject] : [];

const awsPrincipals = ({ Principal }: Body): readonly string[] =>
  Principal && 'AWS' in Principal ? listOf(Principal.AWS) : [];

const trustee = (trust: Trust): string => {
  switch (trust.kind) {
    case 'web-identity':
      return trust.subject.replace(/^system:serviceaccount:/, '');
    case 'role':
      return lastPart(trust.roleArn);
    case 'pod-identity':
      return `${trust.tags.namespace} ${trust.tags.serviceAccount}`;
    case 'people':
      return lastPart(trust.principalArn);
  }
};

const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

function trustStatement(trust: Trust): Body {
  switch (trust.kind) {
    case 'web-identity':
      return webIdentityStatement(trust);
    case 'role':
      return roleStatement(trust);
    case 'pod-identity':
      return podIdentityStatement(trust);
    case 'people':
      return peopleStatement(trust);
  }
}

/**
 * Exact subject and audience: without them any pod of the cluster could become the role (EKS user
 * guide, "IAM roles for service accounts").
 */
function webIdentityStatement(
  { providerArn, issuer, audience, subject }: WebIdentityTrust,
  subjects: readonly string[] = [subject],
): Body {
  const host = issuerHostPath(issuer);
  const exactly = oneOrMore([...new Set(subjects)]);
  return {
    Effect: 'Allow',
    Principal: { Federated: providerArn },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: { [`${host}:aud`]: audience, [`${host}:sub`]: exactly } },
  };
}

/**
 * A session that carries transitive tags on, or is to be named, takes an action of its own besides,
 * else the hop is denied (IAM user guide, "Pass session tags in AWS STS", "Monitor and control
 * actions taken with assumed roles"). Tags that are carried on are the request's as well: EKS's own
 * example of a chained role has `aws:RequestTag` (EKS user guide, "Access AWS resources using EKS
 * Pod Identity target IAM roles").
 */
function roleStatement({ roleArn, externalId, podTags, sourceIdentity }: RoleTrust): Body {
  const equals = {
    ...(externalId === undefined ? {} : { 'sts:ExternalId': externalId }),
    ...(podTags ? podTagConditions(podTags) : {}),
    ...(sourceIdentity === undefined ? {} : { 'sts:SourceIdentity': sourceIdentity }),
  };
  return {
    Effect: 'Allow',
    Principal: { AWS: roleArn },
    Action: assumeActions(podTags !== undefined, sourceIdentity !== undefined),
    ...(Object.keys(equals).length === 0 ? {} : { Condition: { StringEquals: equals } }),
  };
}

/** What a hop from role to role takes, in the caller's policy as in the trust. */
export const assumeActions = (tagSession: boolean, setSourceIdentity: boolean) =>
  oneOrMore([
    'sts:AssumeRole',
    ...(tagSession ? ['sts:TagSession'] : []),
    ...(setSourceIdentity ? ['sts:SetSourceIdentity'] : []),
  ]);

/**
 * EKS asks with the cluster as its source (EKS user guide, "Cross-service confused deputy prevention
 * in Amazon EKS"; not with the association), and with the pod's tags, by which alone one
 * ServiceAccount is told from another (there, "Create IAM role with trust policy required by EKS Pod
 * Identity").
 */
function podIdentityStatement({ tags, account, sessionTags }: PodIdentityTrust): Body {
  const condition: Conditions = {
    StringEquals: {
      'aws:SourceAccount': account,
      ...(sessionTags ? podTagConditions(tags) : {}),
    },
    ArnEquals: { 'aws:SourceArn': tags.clusterArn },
  };
  return {
    Effect: 'Allow',
    Principal: { Service: 'pods.eks.amazonaws.com' },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
    Condition: condition,
  };
}

const podTagConditions = ({ clusterArn, namespace, serviceAccount }: PodTags) => ({
  'aws:RequestTag/eks-cluster-arn': clusterArn,
  'aws:RequestTag/kubernetes-namespace': namespace,
  'aws:RequestTag/kubernetes-service-account': serviceAccount,
});

const peopleStatement = ({ principalArn, mfa }: PeopleTrust): Body => ({
  Effect: 'Allow',
  Principal: { AWS: principalArn },
  Action: 'sts:AssumeRole',
  // With `Bool`, a request that says nothing of a second factor is refused.
  ...(mfa ? { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } } : {}),
});
