import { expect, it } from '@jest/globals';
import { parsePlan } from '../../jobs/restart/parse-plan.ts';
import type { AccessGraph } from '../../src/access/graph.ts';
import { serializePlan } from '../../src/plan/serialize.ts';
import { askedRights, withoutNamedWhereAny } from './support/asked-rights.ts';
import { ownArn } from './support/expected-identities.ts';
import { holds } from './support/holds.ts';
import { graphOf } from './support/plan.ts';

/** Every right in its own words, `cluster user verb resource namespace/name`; `*` is any name. */
const granted = (graph: AccessGraph): string[] =>
  graph.clusters.flatMap(({ cluster, grants }) =>
    grants.flatMap(({ username, namespace, rules }) =>
      rules.flatMap(({ group, resource, names, verbs }) =>
        (names ?? ['*']).flatMap((name) =>
          verbs.map(
            (verb) =>
              `${cluster.name} ${username} ${verb} ${group}/${resource} ${namespace}/${name}`,
          ),
        ),
      ),
    ),
  );

it('grants are what the restarts ask for, no less and no more, for a user who can get in', () => {
  holds(({ fleet, graph }) => {
    const rights = granted(graph);
    expect(new Set(rights).size).toBe(rights.length);
    expect(withoutNamedWhereAny(rights)).toEqual(withoutNamedWhereAny(askedRights(fleet.restarts)));
    for (const { mappings, entries, grants } of graph.clusters) {
      const users = new Set([...mappings, ...entries].map(({ username }) => username));
      for (const { username } of grants) expect(users).toContain(username);
    }
  });
});

it('a plan goes in by a role that the job can become, and that is one user of the target, alone', () => {
  holds(({ fleet, graph: { roles, clusters } }) => {
    const byArn = new Map(roles.map((role) => [role.arn, role]));
    for (const { plan, serviceAccount, namespace } of clusters.flatMap((one) => one.restarts)) {
      const service = fleet.services.find(({ id }) => id === plan.service);
      const own = service && ownArn(fleet, service);
      for (const target of plan.targets) {
        const role = byArn.get(target.roleArn);
        if (plan.identity.kind === 'irsa-direct') {
          expect(role?.trusts).toContainEqual(
            expect.objectContaining({
              kind: 'web-identity',
              subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
            }),
          );
          expect(role?.maxSessionSeconds).toBeGreaterThanOrEqual(plan.identity.sessionSeconds);
        } else {
          expect(plan.identity.roleArn).toBe(own);
          const hub = byArn.get(plan.identity.roleArn);
          expect(hub?.permissions).toContainEqual(
            expect.objectContaining({ kind: 'assume-role', roleArn: target.roleArn }),
          );
          const { externalId } = target;
          const { sourceIdentity } = plan.identity;
          expect(role?.trusts).toContainEqual(
            expect.objectContaining({
              kind: 'role',
              roleArn: own,
              ...(externalId === undefined ? {} : { externalId }),
              ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
            }),
          );
        }
        const { partition, region, account, eksCluster } = target;
        const clusterArn = `arn:${partition}:eks:${region}:${account}:cluster/${eksCluster}`;
        const describes = role?.permissions.some(
          (one) => one.kind === 'describe-cluster' && one.clusterArn === clusterArn,
        );
        expect(describes).toBe(target.connection === undefined);
        const access = clusters.find(({ cluster }) => cluster.name === target.cluster);
        const reach = service?.reach.find((one) =>
          one.clusters.some(({ name }) => name === target.cluster),
        );
        const principals = [
          ...(access?.mappings.map(({ arn, username }) => ({ arn, username })) ?? []),
          ...(access?.entries.map(({ principalArn: arn, username }) => ({ arn, username })) ?? []),
        ];
        // aws-auth finds a role by its name alone.
        const entered =
          access?.cluster.accessControl === 'aws-auth'
            ? target.roleArn.replace(/:role\/.*\//, ':role/')
            : target.roleArn;
        const isItsOwn = ({ arn, username }: (typeof principals)[number]) =>
          arn === entered || username === reach?.kubernetesUser;
        expect(principals.filter(isItsOwn)).toEqual([
          { arn: entered, username: reach?.kubernetesUser },
        ]);
      }
    }
  });
});

it('with targetRole the pod has the role already, which is that of every target', () => {
  holds(({ graph: { clusters } }) => {
    for (const { associations, restarts } of clusters) {
      for (const { plan, namespace, serviceAccount } of restarts) {
        if (plan.identity.kind !== 'eks-pod-identity' || !plan.identity.targetRole) continue;
        const association = associations.find(
          (one) => one.namespace === namespace && one.serviceAccount === serviceAccount,
        );
        const roles = new Set(plan.targets.map(({ roleArn }) => roleArn));
        expect([...roles]).toEqual([association?.targetRoleArn]);
      }
    }
  });
});

it('a cluster has mappings or entries, of roles in its own account and of people', () => {
  holds(({ fleet, graph: { clusters } }) => {
    const people = new Set<string>(
      fleet.users.flatMap(({ principal }) => (principal.kind === 'existing' ? principal.arn : [])),
    );
    for (const { cluster, mappings, entries } of clusters) {
      const [unused, arns] =
        cluster.accessControl === 'aws-auth'
          ? [entries, mappings.map(({ arn }) => arn)]
          : [mappings, entries.map(({ principalArn }) => principalArn)];
      expect(unused).toEqual([]);
      expect(new Set(arns).size).toBe(arns.length);
      const home = `arn:${cluster.partition}:iam::${cluster.account.id}:role/`;
      for (const arn of arns) expect(arn.startsWith(home) || people.has(arn)).toBe(true);
      for (const { arn, kind } of mappings) {
        expect(kind).toBe(arn.includes(':user/') ? 'user' : 'role');
        // aws-auth finds no role that has a path.
        if (kind === 'role') expect(arn.split('/')).toHaveLength(2);
      }
    }
  });
});

it('the job reads each plan as it was written', () => {
  holds(({ graph: { clusters } }) => {
    for (const { plan } of clusters.flatMap(({ restarts }) => restarts)) {
      expect(parsePlan(serializePlan(plan))).toMatchObject({ kind: 'plan', plan });
    }
  });
});

it('a plan holds every workload that its restart asks for, in its wave, after what comes before', () => {
  holds(({ fleet, graph: { clusters } }) => {
    const plans = new Map(
      clusters.flatMap(({ restarts }) => restarts.map(({ plan }) => [plan.restart, plan])),
    );
    for (const { name, clusters: targets, workloads, strategy } of fleet.restarts) {
      const plan = plans.get(name);
      expect(plan?.targets.map(({ cluster, paused = false }) => ({ cluster, paused }))).toEqual(
        targets.map(({ name: cluster, paused }) => ({ cluster, paused })),
      );
      for (const target of plan?.targets ?? []) {
        const wave = strategy.waves[target.wave];
        expect(wave?.name).toBe(plan?.strategy.waves[target.wave]?.name);
        expect(wave?.clusters.map((one) => one.name)).toContain(target.cluster);
        const groups = workloads.flatMap((group) =>
          group.namespaces.map((namespace) => ({ group, namespace })),
        );
        expect(target.workloads).toHaveLength(groups.length);
        for (const [index, { group, namespace }] of groups.entries()) {
          const { kind, names, selector } = group;
          const planned = target.workloads[index];
          expect(planned).toMatchObject({ namespace, kind, names, ...(selector && { selector }) });
          const before = groups.flatMap((one, at) =>
            group.after.some((place) => workloads[place] === one.group) ? [at] : [],
          );
          expect(planned?.after ?? []).toEqual(before);
        }
      }
    }
  });
});

it('equal fleets give equal graphs, to the byte', () => {
  holds(({ text, graph }) => {
    expect(JSON.stringify(graphOf(text))).toBe(JSON.stringify(graph));
  });
});
