import type { AccountId, Partition, RoleName } from '../names/arn.ts';
import { shortDigest } from '../names/short-digest.ts';
import { iamLimits } from './limits.ts';

/** The inline policy that is ours, on any role. */
export const inlinePolicyName = (fleet: string): string => `rollcall-${fleet}`;

/**
 * `rollcall-{fleet}_{role}_{n}`: a fleet's name has no `_`, so no two fleets make one name. Of the role
 * as much as has room, and what tells it from others.
 */
export function managedPolicyName(fleet: string, role: RoleName, number: number): string {
  const name = `rollcall-${fleet}_${role}_${number}`;
  if (name.length <= iamLimits.policyName) return name;
  const hash = shortDigest(role);
  const end = `-${hash}_${number}`;
  return `rollcall-${fleet}_${role}`.slice(0, iamLimits.policyName - end.length) + end;
}

/** @param name with or without a path before it */
export const policyArn = (partition: Partition, account: AccountId, name: string): string =>
  `arn:${partition}:iam::${account}:policy/${name.replace(/^\/+/, '')}`;

/** @param path `/`, or `/team/` */
export const managedPolicyArn = (
  partition: Partition,
  account: AccountId,
  path: string,
  name: string,
): string => `arn:${partition}:iam::${account}:policy${path}${name}`;
