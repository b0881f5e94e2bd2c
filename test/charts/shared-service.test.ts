import { describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { exampleText, outputOf, treeOf } from './support/examples.ts';
import { objectsOf, type KubeObject } from './support/objects.ts';

interface FleetText {
  restarts: Record<string, unknown>[];
}

/** Seed 000 with more restarts of the same service: in the same namespaces and others, in part of the clusters. */
function severalRestarts(): string {
  const fleet = parse(exampleText('seed-000')) as FleetText;
  const [first = {}] = fleet.restarts;
  const workloads = (namespace: string, kind: string, ...names: readonly string[]) => [
    { namespace, kind, names },
  ];
  fleet.restarts.push(
    { ...first, name: 'weekly', workloads: workloads('sts', 'Deployment', 'weekly-one') },
    // Names that are one another's with what objects get behind them.
    { ...first, name: 'weekly-record', workloads: workloads('sts', 'StatefulSet', 'db') },
    {
      ...first,
      name: 'weekly-plan',
      clusters: ['golf-prd'],
      workloads: workloads('shop', 'Deployment', 'x'),
    },
    { ...first, name: 'weekly-restart', workloads: workloads('sts', 'Deployment', 'weekly-one') },
  );
  return stringify(fleet);
}

const text = severalRestarts();
const output = outputOf(text);
const inFile = (path: string): readonly KubeObject[] =>
  objectsOf(output.find((file) => file.path === path)?.text ?? '');
const idOf = ({ kind, metadata: { namespace = '', name } }: KubeObject) =>
  `${kind} ${namespace}/${name}`;

describe('several restarts of one service in one namespace', () => {
  it('have objects of their own, by names of their own, and one identity', () => {
    const ids = inFile('ci/hub.k8s.yaml').map(idOf);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => id.startsWith('ServiceAccount'))).toEqual([
      'ServiceAccount sts/key-restarter',
    ]);
    expect(ids.filter((id) => id.startsWith('Namespace'))).toEqual(['Namespace /sts']);
    const names = [
      'after-key-creation',
      'weekly',
      'weekly-record',
      'weekly-plan',
      'weekly-restart',
    ];
    for (const kind of ['CronJob', 'Lease', 'Role', 'RoleBinding', 'NetworkPolicy']) {
      expect(ids.filter((id) => id.startsWith(`${kind} `))).toHaveLength(names.length);
    }
    expect(ids).toEqual(expect.arrayContaining(names.map((name) => `CronJob sts/${name}`)));
    expect(ids.filter((id) => id.startsWith('ConfigMap'))).toHaveLength(2 * names.length);
  });

  it('run as the one ServiceAccount, each with the right to its own record alone', () => {
    const objects = inFile('ci/hub.k8s.yaml');
    for (const one of objects.filter(({ kind }) => kind === 'RoleBinding')) {
      expect(one.subjects).toEqual([
        { kind: 'ServiceAccount', name: 'key-restarter', namespace: 'sts' },
      ]);
    }
    for (const { metadata, rules = [] } of objects.filter(({ kind }) => kind === 'Role')) {
      const restart = metadata.name.replace(/-record$/, '');
      expect(rules.flatMap(({ resourceNames }) => resourceNames)).toEqual([
        `${restart}-record-0`,
        `${restart}-lock`,
      ]);
    }
  });

  it('have one Role in each target and namespace, with what any of them asks for', () => {
    const roles = inFile('golf-prd/target.k8s.yaml').filter(({ kind }) => kind === 'Role');
    const named = (namespace: string) =>
      roles
        .filter(({ metadata }) => metadata.namespace === namespace)
        .flatMap(({ rules = [] }) => rules.flatMap(({ resourceNames = [] }) => resourceNames));
    expect(roles.map(idOf).sort()).toEqual([
      'Role shop/rollcall:grada:key-restarter',
      'Role sts/rollcall:grada:key-restarter',
    ]);
    expect(named('sts').toSorted()).toEqual([
      'db',
      'sts-js-avro-decryption-processor',
      'sts-js-avro-encryption-processor',
      'weekly-one',
    ]);
    expect(named('shop')).toEqual(['x']);
    expect(inFile('golf-pp/target.k8s.yaml').map(idOf)).not.toContain(
      'Role shop/rollcall:grada:key-restarter',
    );
  });

  it('are units of their own', () => {
    const units = treeOf(text).units.map(({ where, what }) => `${where} ${what}`);
    expect(new Set(units).size).toBe(units.length);
  });
});
