import type { AskedPermission, AssumeRolePermission, RoleNode } from '../access/graph.ts';
import { oneOrMore, type Conditions, type PolicyStatement } from './policy.ts';
import { sidPrefix } from './sids.ts';
import { assumeActions } from './trust-statements.ts';

/** One statement an action, with exactly the resources that the graph names; then what was asked for. */
export function permissionStatements(fleet: string, role: RoleNode): readonly PolicyStatement[] {
  const prefix = sidPrefix(fleet);
  const hops = role.permissions.filter((one) => one.kind === 'assume-role');
  const clusters = role.permissions.filter((one) => one.kind === 'describe-cluster');
  const asked = role.permissions.filter((one) => one.kind === 'asked');
  return [
    ...hopStatements(prefix, hops),
    allow(
      `${prefix}DescribeClusters`,
      ['eks:DescribeCluster'],
      clusters.map(({ clusterArn }) => clusterArn).sort(),
    ),
    ...askedStatements(prefix, asked),
  ].filter(({ Resource }) => Resource.length > 0);
}

/** Hops that differ in what they carry on are statements of their own. */
const hopStatements = (prefix: string, hops: readonly AssumeRolePermission[]) =>
  [false, true].flatMap((tags) =>
    [false, true].map((named) =>
      allow(
        `${prefix}AssumeTargetRoles${tags ? 'Tagged' : ''}${named ? 'Named' : ''}`,
        [assumeActions(tags, named)].flat(),
        hops
          .filter((hop) => hop.tagSession === tags && hop.setSourceIdentity === named)
          .map(({ roleArn }) => roleArn)
          .sort(),
      ),
    ),
  );

/** In the order in which the fleet file asks; what is equal but for its resources is one statement. */
function askedStatements(prefix: string, asked: readonly AskedPermission[]) {
  const groups = new Map<string, { first: AskedPermission; resources: Set<string> }>();
  for (const one of asked) {
    const key = JSON.stringify([one.actions, one.conditions]);
    const group = groups.get(key) ?? { first: one, resources: new Set<string>() };
    groups.set(key, group);
    for (const resource of one.resources) group.resources.add(resource);
  }
  return [...groups.values()].map(({ first, resources }, index) => ({
    ...allow(`${prefix}Asked${index + 1}`, first.actions, [...resources]),
    ...(Object.keys(first.conditions).length === 0
      ? {}
      : { Condition: conditionsOf(first.conditions) }),
  }));
}

const conditionsOf = (conditions: AskedPermission['conditions']): Conditions =>
  Object.fromEntries(
    Object.entries(conditions).map(([operator, tests]) => [
      operator,
      Object.fromEntries(Object.entries(tests).map(([key, values]) => [key, oneOrMore(values)])),
    ]),
  );

const allow = (sid: string, actions: readonly string[], resources: readonly string[]) => ({
  Sid: sid,
  Effect: 'Allow' as const,
  Action: oneOrMore(actions),
  Resource: resources,
});
