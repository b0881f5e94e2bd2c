import { expect, it } from '@jest/globals';
import { prepare } from '../../charts/pipeline.ts';
import { renderTree } from '../../charts/render.ts';
import { planCodes } from '../../src/plan/codes.ts';
import { configMapLimit, planSize } from '../../src/plan/serialize.ts';
import { parseAllDocuments } from 'yaml';

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** A restart of so many workloads in each of fifty clusters, after one that is small. */
const fleet = (workloads: number): string => {
  const restart = (name: string, names: readonly string[]) => ({
    name,
    service: 's',
    schedule: '0 3 * * *',
    clusters: {},
    workloads: [{ namespace: 'n', names }],
  });
  return JSON.stringify(
    {
      apiVersion: 'rollcall.dev/v1alpha1',
      kind: 'Fleet',
      name: 'fleet',
      image: 'registry.example.com/rollcall:0.1.0',
      accounts: { ours: '000000000001', theirs: '000000000002' },
      clusters: [
        {
          name: 'hub',
          account: 'ours',
          region: 'eu-west-1',
          oidcIssuer: 'https://oidc.example.com/id/1',
        },
        ...range(50).map((index) => ({
          name: `c${index}`,
          account: 'theirs',
          region: 'eu-west-1',
        })),
      ],
      services: [
        { name: 's', env: 'prd', cluster: 'hub', namespace: 'n', reach: [{ clusters: {} }] },
      ],
      restarts: [
        restart('small', ['a']),
        restart(
          'large',
          range(workloads).map((index) => `workload-${index}`.padEnd(60, 'x')),
        ),
      ],
    },
    null,
    1,
  );
};

it('a plan that fits no ConfigMap is refused at its restart; one that just fits is rendered', () => {
  let fits = 1;
  for (let step = 512; step >= 1; step /= 2) {
    if (prepare(fleet(fits + step), 'fleet.yaml').kind === 'ready') fits += step;
  }
  const over = prepare(fleet(fits + 1), 'fleet.yaml');
  const found = over.kind === 'invalid' ? over.diagnostics : [];
  expect(found.map(({ code, path }) => [code, path])).toEqual([[planCodes[0], ['restarts', 1]]]);
  expect(Number(/(\d+) bytes/.exec(found[0]?.found ?? '')?.[1])).toBeGreaterThan(configMapLimit);

  const within = prepare(fleet(fits), 'fleet.yaml');
  if (within.kind === 'invalid') throw new Error('refused');
  const hub = renderTree(within).files.find(({ path }) => path === 'hub/hub.k8s.yaml');
  const plans = parseAllDocuments(hub?.text ?? '')
    .map((one) => one.toJS() as { kind: string; data?: Record<string, string> })
    .flatMap(({ kind, data }) => (kind === 'ConfigMap' && data ? [data] : []));
  // As the API server counts: the bytes of keys and values (core/validation, ValidateConfigMap).
  const sizes = plans.map((data) => Buffer.byteLength(Object.entries(data).flat().join('')));
  const planned = within.graph.clusters.flatMap(({ restarts }) => restarts.map(({ plan }) => plan));
  expect(planned.map(planSize)).toEqual(sizes);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(configMapLimit);
  expect(Math.max(...sizes)).toBeGreaterThan(configMapLimit * 0.99);
});

it('a run record is in as many ConfigMaps as its clusters fill, none of them split', () => {
  const prepared = prepare(fleet(100), 'fleet.yaml');
  const restarts = prepared.kind === 'ready' ? prepared.graph.clusters[0]?.restarts : [];
  const record = (name: string, count: number) => ({
    namespace: 'n',
    configMaps: range(count).map((index) => `${name}-record-${index}`),
    lease: `${name}-lock`,
  });
  // 50 clusters, of 1 and of 100 workloads: all of the first in one, two of the second in each.
  expect(restarts?.map(({ plan }) => plan.record)).toEqual([
    record('small', 1),
    record('large', 25),
  ]);
  expect(restarts?.[1]?.plan.targets.map(({ shard }) => shard)).toEqual(
    range(50).map((index) => Math.floor(index / 2)),
  );
});
