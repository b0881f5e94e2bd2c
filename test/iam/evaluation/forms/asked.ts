import type { Caller } from '../../../../src/simulator/aws/policy.ts';
import { document, ownContext } from '../support/scenario.ts';
import type { Json, Scenario } from '../support/scenario.ts';

export const hubAccount = '903716715040';
export const hub = `arn:aws:iam::${hubAccount}:role/eks-key-restarter-prd`;
export const neighbour = `arn:aws:iam::${hubAccount}:role/eks-other-prd`;
export const target = 'arn:aws:iam::508208880112:role/team/app/target';
export const own = `arn:aws:iam::${hubAccount}:role/own`;
export const root = `arn:aws:iam::${hubAccount}:root`;
export const alice = `arn:aws:iam::${hubAccount}:user/people/alice`;
export const clusterArn = `arn:aws:eks:eu-west-1:${hubAccount}:cluster/ci-cluster`;

export const both = ['sts:AssumeRole', 'sts:TagSession'];
export const allow = (
  Action: string | readonly string[],
  Resource: string | readonly string[],
): Json => document({ Effect: 'Allow', Action, Resource });
export const trusts = (Principal: Json | string, Action: unknown, Condition: Json = {}): Json =>
  document({ Effect: 'Allow', Principal, Action, Condition });

/** A caller who may assume the target, but for the trust. */
export const asked = (
  caller: Caller,
  trust: Json,
  context: Scenario['context'] = {},
  over: Partial<Scenario> = {},
): Scenario => ({
  caller,
  action: 'sts:AssumeRole',
  resource: target,
  context: { ...ownContext(caller), ...context },
  ...(caller.kind === 'service' ? {} : { identity: [allow(both, target)] }),
  trust,
  ...over,
});
