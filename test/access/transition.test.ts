import fc from 'fast-check';
import { expect, it } from '@jest/globals';
import type { AccessGraph, RoleNode } from '../../src/access/graph.ts';
import { everyWayTexts } from './support/every-way.ts';
import { moveOf, type Move } from './support/moving.ts';
import { fleetOf, graphOfFleet } from './support/plan.ts';
import { byKiam, graphWith, hub, kiam, one, two } from './support/parts.ts';

type Stage = 'before' | 'during' | 'after';
type Graphs = Readonly<Record<Stage, AccessGraph>>;

/** Sound fleets on the move: what is planned before, during and after it. */
function moves(property: (graphs: Graphs, move: Move) => void): void {
  let moved = 0;
  fc.assert(
    fc.property(everyWayTexts, fc.nat(11), (text, lot) => {
      const move = moveOf(fleetOf(text), lot);
      const { before, during, after, count } = move;
      moved += count;
      const graphs = {
        before: graphOfFleet(before),
        during: graphOfFleet(during),
        after: graphOfFleet(after),
      };
      property(graphs, move);
    }),
    { numRuns: Number(process.env.SOAK_RUNS ?? 100) },
  );
  expect(moved).toBeGreaterThan(0);
}

const sorted = (texts: Iterable<string>): readonly string[] => [...new Set(texts)].sort();
const ofRoles = (
  { roles }: AccessGraph,
  read: (role: RoleNode) => readonly string[],
): readonly string[] => roles.flatMap((role) => read(role).map((text) => `${role.arn} ${text}`));

const trusts = (graph: AccessGraph) =>
  ofRoles(graph, (role) => role.trusts.map((trust) => JSON.stringify(trust)));

/** A permission to become a role, as the actions that it has. */
const permissions = (graph: AccessGraph) =>
  ofRoles(graph, (role) =>
    role.permissions.flatMap((one) => {
      if (one.kind !== 'assume-role') return [JSON.stringify(one)];
      const { roleArn, tagSession, setSourceIdentity } = one;
      return [
        `become ${roleArn}`,
        ...(tagSession ? [`tag ${roleArn}`] : []),
        ...(setSourceIdentity ? [`name ${roleArn}`] : []),
      ];
    }),
  );

it.each([
  ['trust', trusts],
  ['permission', permissions],
] as const)('on the move every role has each %s of before and of after, once', (_, read) => {
  moves(({ before, during, after }) => {
    const both = read(during);
    expect(sorted(both)).toEqual(sorted([...read(before), ...read(after)]));
    expect(new Set(both).size).toBe(both.length);
  });
});

it('and its sessions may be as long as in either', () => {
  moves(({ before, during, after }) => {
    for (const role of during.roles) {
      const lengths = [before, after].flatMap(({ roles }) =>
        roles.filter(({ arn }) => arn === role.arn).map((one) => one.maxSessionSeconds),
      );
      expect(role.maxSessionSeconds).toBe(Math.max(...lengths));
    }
  });
});

const clustersOf = ({ clusters }: AccessGraph) =>
  clusters.map(({ cluster, ...others }) => ({ name: cluster.name, ...others }));

it('new pods are as they will be; running ones keep the way to their agent', () => {
  moves(({ before, during, after }) => {
    const withoutEgress = (graph: AccessGraph) =>
      clustersOf(graph).map(({ name, pods, associations, restarts }) => ({
        name,
        associations,
        pods: pods.map((pod) => ({ ...pod, wiring: { ...pod.wiring, egress: [] } })),
        restarts: restarts.map((one) => ({ ...one, wiring: { ...one.wiring, egress: [] } })),
      }));
    expect(withoutEgress(during)).toEqual(withoutEgress(after));
    const egress = (graph: AccessGraph) =>
      clustersOf(graph).flatMap(({ pods }) =>
        pods.flatMap(({ service, wiring }) =>
          wiring.egress.map((to) => `${service} ${JSON.stringify(to)}`),
        ),
      );
    expect(sorted(egress(during))).toEqual(sorted([...egress(before), ...egress(after)]));
  });
});

it('what running pods have mounted is as it was', () => {
  moves(({ before, during, after }) => {
    const mounted = (graph: AccessGraph) =>
      clustersOf(graph).map(({ name, pods }) => [
        name,
        pods.map(({ awsConfig, kubeconfig }) => [awsConfig, kubeconfig]),
      ]);
    expect(mounted(during)).toEqual(mounted(before));
    expect(mounted(during)).toEqual(mounted(after));
  });
});

it('agents stay, with the annotations by which namespaces let them give roles', () => {
  moves(({ before, during, after }) => {
    const kept = (graph: AccessGraph) =>
      clustersOf(graph).flatMap(({ name, kiam: ofKiam, kube2iam, namespaces }) => [
        ...(ofKiam ? [`${name} kiam`] : []),
        ...(kube2iam ? [`${name} kube2iam`] : []),
        ...namespaces.flatMap((one) =>
          Object.entries(one.annotations).flatMap(([key, value]) =>
            (value.match(/arn(?:\\?:)aws[^|)"$]*/g) ?? []).map(
              (role) => `${name} ${one.name} ${key} ${role}`,
            ),
          ),
        ),
      ]);
    expect(sorted(kept(during))).toEqual(sorted([...kept(before), ...kept(after)]));
  });
});

it('tells of each open move where the file says it, of a cluster’s services once', () => {
  const findings = (hubMore: object, more: object) =>
    graphWith({
      clusters: [
        { ...hub, agents: kiam, infrastructure: { 'cert-manager': 'existing' }, ...hubMore },
      ],
      services: [{ ...one, ...more }, two],
    }).findings.map(({ code, path }) => `${code} ${path.join('.')}`);
  expect(findings({ migratingFrom: 'kiam' }, {})).toEqual([
    'finding/open-migration clusters.0.migratingFrom',
  ]);
  expect(findings({}, { migratingFrom: 'kiam' })).toEqual([
    'finding/open-migration services.0.migratingFrom',
  ]);
  expect(findings({ migratingFrom: 'kiam' }, { ...byKiam })).toEqual([
    'finding/legacy-identity services.0',
    'finding/open-migration clusters.0.migratingFrom',
  ]);
});
