import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePlan } from '../../jobs/restart/parse-plan.ts';
import type { AccessGraph, RoleNode } from '../../src/access/graph.ts';
import { serializePlan } from '../../src/plan/serialize.ts';
import { askedRights, withoutNamedWhereAny } from './support/asked-rights.ts';
import { fleetModels, fleetText } from './support/fleet-arbitrary.ts';
import { fleetOf, graphOf } from './support/plan.ts';

const runs = { numRuns: 100 };

const holds = (property: (graph: AccessGraph, text: string) => void): void => {
  fc.assert(
    fc.property(fleetModels, (model) => {
      property(graphOf(fleetText(model)), fleetText(model));
    }),
    runs,
  );
};

const assumes = (role: RoleNode): string[] =>
  role.permissions.flatMap((one) =>
    one.kind === 'assume-role' ? [`${role.arn} → ${one.roleArn}`] : [],
  );
const trusts = (role: RoleNode): string[] =>
  role.trusts.flatMap((one) => (one.kind === 'role' ? [`${one.roleArn} → ${role.arn}`] : []));

it('who may assume a role is who the role trusts, and the other way round', () => {
  holds(({ roles }) => {
    const permitted = roles.flatMap(assumes);
    expect(permitted.toSorted()).toEqual(roles.flatMap(trusts).sort());
    expect(new Set(permitted).size).toBe(permitted.length);
  });
});

it('no trust names a role that comes later, or none of the graph', () => {
  holds(({ roles }) => {
    const made = new Set<string>();
    for (const role of roles) {
      for (const trust of role.trusts) {
        if (trust.kind === 'role') expect(made).toContain(trust.roleArn);
      }
      expect(made).not.toContain(role.arn);
      made.add(role.arn);
    }
  });
});

it('every pod has a role that trusts exactly its ServiceAccount', () => {
  holds(({ roles, clusters }) => {
    const expected = clusters.flatMap(({ cluster, pods }) =>
      pods.map(({ roleArn, namespace, serviceAccount }) => ({
        roleArn,
        issuer: cluster.oidcIssuer,
        subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
        audience: 'sts.amazonaws.com',
      })),
    );
    const given = roles.flatMap(({ arn, trusts }) =>
      trusts.flatMap((trust) =>
        trust.kind === 'web-identity'
          ? [
              {
                roleArn: arn,
                issuer: trust.issuer,
                subject: trust.subject,
                audience: trust.audience,
              },
            ]
          : [],
      ),
    );
    const key = (one: unknown) => JSON.stringify(one);
    expect(given.map(key).sort()).toEqual(expected.map(key).sort());
  });
});

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

it('grants are what the restarts ask for, no less and no more, for the user that the role is mapped to', () => {
  holds((graph, text) => {
    const rights = granted(graph);
    expect(new Set(rights).size).toBe(rights.length);
    expect(withoutNamedWhereAny(rights)).toEqual(
      withoutNamedWhereAny(askedRights(fleetOf(text).restarts)),
    );
    for (const { cluster, mappings, grants } of graph.clusters) {
      const users = new Set(mappings.map(({ username }) => username));
      for (const { username } of grants) expect(users).toContain(username);
      for (const { roleArn } of mappings) {
        expect(roleArn.startsWith(`arn:${cluster.partition}:iam::${cluster.account.id}:`)).toBe(
          true,
        );
      }
    }
  });
});

it('a plan goes in by a role that its hub may assume, and that the target maps and lets look up', () => {
  holds(({ roles, clusters }) => {
    const byArn = new Map(roles.map((role) => [role.arn, role]));
    for (const { plan } of clusters.flatMap(({ restarts }) => restarts)) {
      const hub = byArn.get(plan.identity.roleArn);
      for (const target of plan.targets) {
        expect(hub?.permissions).toContainEqual({ kind: 'assume-role', roleArn: target.roleArn });
        const role = byArn.get(target.roleArn);
        const { externalId } = target;
        const trust = { kind: 'role', roleArn: plan.identity.roleArn };
        expect(role?.trusts).toContainEqual(externalId ? { ...trust, externalId } : trust);
        const { partition, region, account, eksCluster } = target;
        const clusterArn = `arn:${partition}:eks:${region}:${account}:cluster/${eksCluster}`;
        const describes = role?.permissions.some(
          (one) => one.kind === 'describe-cluster' && one.clusterArn === clusterArn,
        );
        expect(describes).toBe(target.connection === undefined);
        const access = clusters.find(({ cluster }) => cluster.name === target.cluster);
        expect(access?.mappings.map(({ roleArn }) => roleArn)).toContain(target.roleArn);
      }
    }
  });
});

it('the job reads each plan as it was written', () => {
  holds(({ clusters }) => {
    for (const { plan } of clusters.flatMap(({ restarts }) => restarts)) {
      expect(parsePlan(serializePlan(plan))).toMatchObject({ kind: 'plan', plan });
    }
  });
});

it('a plan holds every workload that its restart asks for, in its wave, after what comes before', () => {
  holds(({ clusters }, text) => {
    const plans = new Map(
      clusters.flatMap(({ restarts }) => restarts.map(({ plan }) => [plan.restart, plan])),
    );
    for (const { name, clusters: targets, workloads, strategy } of fleetOf(text).restarts) {
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

it('equal fleets give equal graphs', () => {
  holds((graph, text) => {
    expect(JSON.stringify(graphOf(text))).toBe(JSON.stringify(graph));
  });
});
