import { describe, expect, it } from '@jest/globals';
import type { AccessGraph } from '../../src/access/graph.ts';
import { migrateIdentities, migrationTargets } from '../../src/access/migrate.ts';
import { migrationSteps } from '../../src/access/migration-steps.ts';
import type { Fleet } from '../../src/fleet/model.ts';
import { holds } from './support/holds.ts';
import { byKiam, fleetWith, golf, hub, kiam, one, two } from './support/parts.ts';
import { graphOfFleet } from './support/plan.ts';

const isLegacy = (kind: string) => kind === 'kiam' || kind === 'kube2iam';
it('says of each cluster once what it lacks for the move, at the cluster', () => {
  const bare = { ...hub, oidcIssuer: undefined };
  const fleet = fleetWith({
    clusters: [golf, { ...bare, agents: kiam }],
    services: [one, two].map((service) => ({ ...service, ...byKiam })),
  });
  const migration = migrateIdentities(fleet, 'irsa');
  if (migration.kind !== 'invalid') throw new Error('moved without an issuer');
  expect(migration.problems.map(({ code, path, found }) => [code, path, found])).toEqual([
    ['access/migration', ['clusters', 1], 'the cluster hub, which has no oidcIssuer'],
  ]);
  expect(migrateIdentities(fleet, 'eks-pod-identity').kind).toBe('migrated');
});

const podsOf = ({ clusters }: AccessGraph) => clusters.flatMap(({ pods }) => pods);

describe.each(migrationTargets)('a fleet moved to %s', (to) => {
  const moved = (property: (before: Fleet, after: Fleet, ids: readonly string[]) => void) => {
    holds(({ fleet }) => {
      const migration = migrateIdentities(fleet, to);
      // Every hub of these fleets has an issuer.
      if (migration.kind === 'invalid') throw new Error(JSON.stringify(migration.problems));
      property(fleet, migration.fleet, migration.moved);
    });
  };

  it('has no legacy mechanism left, nor anything that only one needs', () => {
    moved((_, after) => {
      const graph = graphOfFleet(after);
      expect(podsOf(graph).filter(({ identity }) => isLegacy(identity))).toEqual([]);
      expect(graph.findings.filter(({ code }) => code === 'finding/legacy-identity')).toEqual([]);
      expect(JSON.stringify(graph.clusters.map(({ namespaces }) => namespaces))).not.toContain(
        'iam.amazonaws.com/',
      );
      for (const { kiam, kube2iam, restarts } of graph.clusters) {
        expect([kiam, kube2iam]).toEqual([undefined, undefined]);
        expect(restarts.filter(({ plan }) => isLegacy(plan.identity.kind))).toEqual([]);
      }
    });
  });

  it('names whom it moved, and changes nothing of the others', () => {
    moved((before, after, ids) => {
      const legacy = before.services.filter(
        (one) => one.kind === 'pod' && isLegacy(one.podIdentity.kind),
      );
      expect(ids).toEqual(legacy.map(({ id }) => id));
      const others = ({ services }: Fleet) => services.filter(({ id }) => !ids.includes(id));
      expect(others(after)).toEqual(others(before));
      const otherPods = (fleet: Fleet) =>
        podsOf(graphOfFleet(fleet)).filter(({ service }) => !ids.includes(service));
      expect(otherPods(after)).toEqual(otherPods(before));
      expect({ ...after, services: [], restarts: [] }).toEqual({
        ...before,
        services: [],
        restarts: [],
      });
    });
  });

  it('keeps every way into a cluster, and every right there', () => {
    moved((before, after) => {
      const into = (fleet: Fleet) =>
        graphOfFleet(fleet).clusters.map(({ cluster, mappings, entries, grants, userGrants }) => [
          cluster.name,
          ...[mappings, entries, grants, userGrants],
        ]);
      expect(into(after)).toEqual(into(before));
    });
  });

  it('moved a second time stays as it is', () => {
    moved((_, after) => {
      expect(migrateIdentities(after, to)).toEqual({ kind: 'migrated', fleet: after, moved: [] });
    });
  });

  it('has no move left open by which a pod came to its legacy mechanism', () => {
    const back = fleetWith({
      clusters: [{ ...hub, agents: kiam }],
      services: [{ ...one, ...byKiam, migratingFrom: 'irsa' }],
    });
    const migration = migrateIdentities(back, to);
    if (migration.kind === 'invalid') throw new Error(JSON.stringify(migration.problems));
    const codes = (fleet: Fleet) => graphOfFleet(fleet).findings.map(({ code }) => code);
    expect(codes(back)).toContain('finding/open-migration');
    expect(codes(migration.fleet)).not.toContain('finding/open-migration');
  });
});

it('the steps of a move leave pods alone that have profiles mounted: they get a second service', () => {
  const steps = (...more: readonly object[]) =>
    migrationSteps(
      fleetWith({
        clusters: [{ ...hub, agents: kiam }],
        services: more.map((one) => ({ ...one, ...byKiam })),
      }),
      'irsa',
    );
  const mounted = { ...two, awsConfig: true };
  const inPlace = steps(one);
  expect(inPlace.map(({ at }) => at)).toEqual([
    ['one: podIdentity: irsa, migratingFrom: kiam'],
    ['hub n1/one'],
    [],
  ]);
  const [last] = steps(mounted);
  expect(steps(mounted)).toEqual([last]);
  expect(last?.action).toMatch(/second service/);
  expect(last?.at).toEqual(['hub n2/two']);
  expect(steps(one, mounted)).toEqual([...inPlace, last]);
});
