import { resolveDelivery } from '../../../src/fleet/resolve-delivery.ts';
import type { AccessGraph, Permission, RoleNode } from '../../../src/access/graph.ts';
import { roleArn, type AccountId, type RoleArn, type RoleName } from '../../../src/names/arn.ts';

export const account = '000000000001' as AccountId;

export const arnOf = (name: string, id: string = account): RoleArn =>
  roleArn('aws', id as AccountId, name as RoleName);

/** A role of Rollcall's own, which one other may become. */
export const roleOf = (parts: Partial<RoleNode> & { readonly name?: RoleName } = {}): RoleNode => {
  const { name = 'role' as RoleName } = parts;
  return {
    arn: arnOf(name),
    name,
    account,
    partition: 'aws',
    iamPath: '/',
    ownership: 'rollcall',
    trusts: [{ kind: 'role', roleArn: arnOf('caller') }],
    permissions: [],
    maxSessionSeconds: 3600,
    path: ['services', 0],
    ...parts,
  };
};

/** A graph of nothing but these roles. */
export const graphOfRoles = (
  roles: readonly RoleNode[],
  iam: Partial<AccessGraph['iam']> = {},
): AccessGraph => ({
  fleet: 'fleet',
  providers: [],
  roles,
  clusters: [],
  findings: [],
  delivery: resolveDelivery({}, 'fleet'),
  iam: { path: '/', tags: {}, sourceIdentity: false, forms: ['json'], ...iam },
});

/** So many roles that may be assumed, each in an account of its own. */
export const hops = (count: number): readonly Permission[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: 'assume-role',
    roleArn: arnOf('target', String(100_000_000_000 + index)),
    tagSession: false,
    setSourceIdentity: false,
  }));

export const asked = (
  resources: readonly string[],
  actions: readonly string[] = ['s3:GetObject'],
): Permission => ({ kind: 'asked', actions, resources, conditions: {} });
