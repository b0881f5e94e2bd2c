import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mergePatch } from '../../../src/simulator/kube/merge-patch.ts';
import { StatusError } from '../../../src/simulator/kube/status-error.ts';
import { strategicMerge } from '../../../src/simulator/kube/strategic-merge.ts';

const containers = [
  { name: 'web', image: 'web:1', env: [{ name: 'A', value: '1' }] },
  { name: 'side', image: 'side:1' },
];
const deployment = {
  metadata: { labels: { a: 'b' } },
  spec: {
    replicas: 3,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1 } },
    template: { spec: { containers, tolerations: [{ key: 'x' }, { key: 'y' }] } },
  },
};
type Pod = Record<string, unknown>;
const inPod = (pod: Pod): Record<string, unknown> => ({ spec: { template: { spec: pod } } });
const podAfter = (pod: Pod): unknown => {
  const merged = strategicMerge('Deployment', deployment, inPod(pod)) as typeof deployment;
  return merged.spec.template.spec;
};
const { tolerations } = deployment.spec.template.spec;

describe('a strategic merge patch', () => {
  it.each<[string, Pod, unknown[]]>([
    [
      'merges an item by its key, and inside of it',
      { containers: [{ name: 'web', image: 'web:2', env: [{ name: 'B', value: '2' }] }] },
      [
        {
          name: 'web',
          image: 'web:2',
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
        },
        containers[1],
      ],
    ],
    [
      'adds an item at the end',
      { containers: [{ name: 'new', image: 'n' }] },
      [...containers, { name: 'new', image: 'n' }],
    ],
    [
      'deletes an item',
      {
        containers: [
          { $patch: 'delete', name: 'web' },
          { $patch: 'delete', name: 'none' },
        ],
      },
      [containers[1]],
    ],
    [
      'replaces a list',
      { containers: [{ name: 'only', image: 'o' }, { $patch: 'replace' }] },
      [{ name: 'only', image: 'o' }],
    ],
    [
      'replaces an item',
      { containers: [{ $patch: 'replace', name: 'web', image: 'x' }] },
      [{ name: 'web', image: 'x' }, containers[1]],
    ],
    [
      'puts items in the order that it gives',
      { '$setElementOrder/containers': [{ name: 'side' }, { name: 'web' }] },
      [containers[1], containers[0]],
    ],
  ])('%s', (_, patch, expected) => {
    expect(podAfter(patch)).toEqual({ containers: expected, tolerations });
  });

  it('replaces a list that has no key', () => {
    expect(podAfter({ tolerations: [{ key: 'z' }] })).toEqual({
      containers,
      tolerations: [{ key: 'z' }],
    });
  });

  it.each<[string, Record<string, unknown>, unknown]>([
    ['deletes a field', { metadata: { labels: null } }, { ...deployment, metadata: {} }],
    [
      'keeps the fields that it names alone',
      { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } },
      { ...deployment, spec: { ...deployment.spec, strategy: { type: 'Recreate' } } },
    ],
    [
      'replaces a map',
      { metadata: { labels: { $patch: 'replace', c: 'd' } } },
      { ...deployment, metadata: { labels: { c: 'd' } } },
    ],
  ])('%s', (_, patch, expected) => {
    expect(strategicMerge('Deployment', deployment, patch)).toEqual(expected);
  });

  it.each<[string, Record<string, unknown>, number]>([
    ['an item without its key', inPod({ containers: [{ image: 'x' }] }), 500],
    ['an unknown directive', { metadata: { '$deleteFromPrimitiveList/finalizers': ['x'] } }, 400],
    ['an unknown kind of patch', { metadata: { $patch: 'mend' } }, 400],
  ])('with %s is refused', (_, patch, code) => {
    const refused = (): unknown => {
      try {
        return strategicMerge('Deployment', deployment, patch);
      } catch (error) {
        if (error instanceof StatusError) return error.status.code;
        throw error;
      }
    };
    expect(refused()).toBe(code);
  });

  it('without lists and directives is a merge patch', () => {
    const json = fc.letrec((tie) => ({
      tree: fc.dictionary(
        fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'),
        fc.oneof(fc.constant(null), fc.nat(3), tie('tree')),
        { maxKeys: 3 },
      ),
    })).tree;
    fc.assert(
      fc.property(json, json, (target, patch) => {
        expect(strategicMerge('Deployment', target, patch)).toEqual(mergePatch(target, patch));
      }),
    );
  });
});
