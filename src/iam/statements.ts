import type { Permission, RoleNode, Trust } from '../access/graph.ts';
import { issuerHostPath } from '../names/arn.ts';
import type { PolicyStatement } from './policy.ts';

/** Sids begin with the fleet's name: an existing role may get statements of several fleets. */
export const sidPrefix = (fleet: string): string => `Rollcall${pascal(fleet)}`;

export function trustStatements(fleet: string, role: RoleNode): readonly PolicyStatement[] {
  const taken = new Set<string>();
  return role.trusts.map((trust) => {
    const sid = uniqueSid(`${sidPrefix(fleet)}Trusts${pascal(trustee(trust))}`, taken);
    return { Sid: sid, ...trustStatement(trust) };
  });
}

/** Who is trusted, in short: it stands in the Sid, so that an owner sees whom a statement lets in. */
const trustee = (trust: Trust): string =>
  trust.kind === 'role'
    ? trust.roleArn.slice(trust.roleArn.lastIndexOf('/') + 1)
    : trust.subject.replace(/^system:serviceaccount:/, '');

/** A Sid is of letters and digits. */
const pascal = (text: string): string =>
  text
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** Sids must differ within a document. */
function uniqueSid(wanted: string, taken: Set<string>): string {
  let sid = wanted;
  for (let number = 2; taken.has(sid); number += 1) sid = `${wanted}${number}`;
  taken.add(sid);
  return sid;
}

function trustStatement(trust: Trust): Omit<PolicyStatement, 'Sid'> {
  switch (trust.kind) {
    case 'web-identity': {
      // Exact subject and audience: without them any pod of the cluster could become the role
      // (EKS user guide, IAM roles for service accounts).
      const issuer = issuerHostPath(trust.issuer);
      return {
        Effect: 'Allow',
        Principal: { Federated: trust.providerArn },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: { [`${issuer}:aud`]: trust.audience, [`${issuer}:sub`]: trust.subject },
        },
      };
    }
    case 'role':
      return {
        Effect: 'Allow',
        Principal: { AWS: trust.roleArn },
        Action: 'sts:AssumeRole',
        ...(trust.externalId === undefined
          ? {}
          : { Condition: { StringEquals: { 'sts:ExternalId': trust.externalId } } }),
      };
  }
}

/** One statement an action, with exactly the resources that the graph names. */
export function permissionStatements(fleet: string, role: RoleNode): readonly PolicyStatement[] {
  const prefix = sidPrefix(fleet);
  const resources = (kind: Permission['kind']): readonly string[] =>
    role.permissions
      .filter((permission) => permission.kind === kind)
      .map(resourceOf)
      .sort();
  return [
    allow(`${prefix}AssumeTargetRoles`, 'sts:AssumeRole', resources('assume-role')),
    allow(`${prefix}DescribeClusters`, 'eks:DescribeCluster', resources('describe-cluster')),
  ].filter((statement) => statement.Resource.length > 0);
}

const resourceOf = (permission: Permission): string =>
  permission.kind === 'assume-role' ? permission.roleArn : permission.clusterArn;

const allow = (sid: string, action: string, resources: readonly string[]) => ({
  Sid: sid,
  Effect: 'Allow' as const,
  Action: action,
  Resource: resources,
});
