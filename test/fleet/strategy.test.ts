import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { loadFleet } from '../../src/fleet/load.ts';
import { shareOut } from '../../src/fleet/waves.ts';
import { changedStrategy, strategyFleet } from './restart-faults.ts';
import { changed, sound, soundFleet } from './support.ts';

const waveNames = (text: string, restart = 0) =>
  sound(text).restarts[restart]?.strategy.waves.map(({ name, clusters, soakSeconds }) => [
    name,
    clusters.map((cluster) => cluster.name),
    soakSeconds,
  ]);

describe('waves', () => {
  it('take what no earlier one took, and the last what is left', () => {
    expect(waveNames(strategyFleet)).toEqual([
      ['canary', ['apple-canary'], 1800],
      ['early', ['apple-prd'], 600],
      ['rest', ['pear-prd', 'pear-old'], 600],
    ]);
    expect(waveNames(strategyFleet, 1)).toEqual([
      ['first', ['pear-prd'], 0],
      ['second', ['apple-canary'], 0],
    ]);
  });

  it('make no last one where nothing is left, and may name a hub that the restart names', () => {
    const all = changedStrategy('clusters: [apple-prd]', 'clusters: {}');
    expect(waveNames(all)?.map(([name]) => name)).toEqual(['canary', 'early']);
    const withHub = changed('clusters: {env: prd}\n    workloads', 'clusters: [ci]\n    workloads');
    const waves = (clusters: string) =>
      changed('{maxConc', `{waves: [{name: w, clusters: ${clusters}}], maxConc`, withHub);
    expect(waveNames(waves('{env: prd}'))).toEqual([['w', ['ci'], 0]]);
    expect(waveNames(waves('[ci]'))).toEqual([['w', ['ci'], 0]]);
  });

  it('share out every cluster exactly once, whatever they select', () => {
    const label = fc.constantFrom('a', 'b', 'c');
    const clusters = fc
      .array(fc.record({ x: label, y: label }), { maxLength: 9 })
      .map((all) => all.map((labels, index) => ({ name: `c${index}`, labels })));
    const selector = fc.oneof(
      fc.constant(undefined),
      fc.record({ x: label }),
      fc.record({ x: label, y: label }),
      fc.array(fc.nat(9).map((index) => `c${index}`)),
    );
    fc.assert(
      fc.property(clusters, fc.array(selector, { maxLength: 4 }), (all, selectors) => {
        const { taken, left } = shareOut(selectors, all);
        const shared = [...taken.flat(), ...left].map(({ name }) => name);
        expect(shared.toSorted()).toEqual(all.map(({ name }) => name).sort());
        for (const [index, wave] of taken.entries()) {
          // What a wave selects is its own, or an earlier one's.
          const before = taken.slice(0, index + 1).flat();
          const [own] = shareOut([selectors[index]], all).taken;
          for (const cluster of own ?? []) expect(before).toContain(cluster);
          for (const cluster of wave) expect(own).toContain(cluster);
        }
      }),
    );
  });
});

describe('failures', () => {
  const none = { kind: 'count', count: 0 };
  it.each([
    ['', undefined],
    ['onFailure: continue, ', undefined],
    ['onFailure: halt, ', none],
    ['maxFailures: 0, ', none],
    ['maxFailures: 3, ', { kind: 'count', count: 3 }],
    ['maxFailures: 0%, ', { kind: 'percent', percent: 0 }],
    ['maxFailures: 100%, onFailure: halt, ', { kind: 'percent', percent: 100 }],
    ['waves: [{name: a, clusters: [golf-prd]}], ', undefined],
  ])('{%s…} are budgeted by %j', (keys, budget) => {
    const text = changed('{maxConc', `{${keys}maxConc`);
    expect(sound(text).restarts[0]?.strategy.failureBudget).toEqual(budget);
  });

  it.each([
    ['', none],
    ['      onFailure: continue\n', undefined],
  ])('of several waves with %j are budgeted by %j', (keys, budget) => {
    const text = changedStrategy('      maxFailures: 5%\n      onFailure: halt\n', keys);
    expect(sound(text).restarts[0]?.strategy.failureBudget).toEqual(budget);
  });

  it('of two waves, the least that are several, may not be', () => {
    const [, second] = sound(changedStrategy('      maxFailures: 1\n', '')).restarts;
    expect(second?.strategy.waves).toHaveLength(2);
    expect(second?.strategy.failureBudget).toEqual(none);
  });
});

it('a strategy is resolved to seconds, minutes and days, with the defaults of each part', () => {
  const [first, second] = sound(strategyFleet).restarts.map(({ strategy }) => strategy);
  expect(first).toMatchObject({
    maxConcurrentRolloutsOverall: 10,
    clusterTimeoutSeconds: 2700,
    runTimeoutSeconds: 43_200,
    windows: [{ timeZone: 'Europe/London', days: [1, 2, 3, 4], from: 1320, to: 240 }],
    minIntervalSeconds: 21_600,
    stormBreaker: { runs: 3, withinSeconds: 7200 },
    blockerTimeoutSeconds: 1200,
    settleSeconds: 300,
    evictOnDelete: true,
    argoRollouts: true, // by the kind of a workload
  });
  expect(first?.blockers.map(({ kind }) => kind)).toEqual(['condition', 'prometheus']);
  expect(first?.blockers[0]).toEqual({
    kind: 'condition',
    apiVersion: 'v1',
    resource: 'nodes',
    name: 'hub-gateway',
    type: 'Ready',
    status: 'False',
  });
  expect(first?.waves[1]?.gates).toMatchObject([
    { kind: 'check', timeoutSeconds: 1800, check: { namespace: 'monitoring', status: 'True' } },
    { kind: 'check', timeoutSeconds: 3600, check: { kind: 'prometheus' } },
  ]);
  expect(second?.waves[1]?.gates).toEqual([
    { kind: 'approval', timeoutSeconds: 14_400 },
    {
      kind: 'job',
      timeoutSeconds: 1200,
      image: 'registry.example.com/smoke-tests:1.4.0',
      command: ['/smoke', '--all'],
    },
  ]);
  // A whole day ends at the next midnight.
  expect(second?.windows).toEqual([{ timeZone: 'Etc/UTC', days: [0, 6], from: 0, to: 0 }]);
  const bare = sound(changedStrategy('approval: { timeout: 4h }', 'approval: {}'));
  expect(bare.restarts[1]?.strategy.waves[1]?.gates[0]).toMatchObject({ timeoutSeconds: 28_800 });
  const refused = sound(changedStrategy('diagnostics: true', 'argoRollouts: false'));
  expect(refused.restarts[0]?.strategy.argoRollouts).toBe(false);
});

it('groups keep their places, and know which come before', () => {
  const groups = sound(strategyFleet).restarts[0]?.workloads;
  expect(groups?.map(({ namespaces, after }) => [namespaces, after])).toEqual([
    [['keys'], []],
    [['keys', 'web'], [0]],
    [
      ['keys', 'web'],
      [0, 1],
    ],
    [['web'], [2]],
  ]);
  expect(groups?.[2]).toMatchObject({
    names: [],
    selector: { 'app.kubernetes.io/part-of': 'keys' },
  });
});

it('a circle of any length is found, and no order is one', () => {
  const file = (after: readonly (readonly number[])[]) => {
    const group = (names: readonly number[], index: number) => ({
      name: `g${index}`,
      namespace: 'n',
      names: [`w${index}`],
      ...(names.length > 0 ? { after: names.map((one) => `g${one}`) } : {}),
    });
    const workloads = JSON.stringify(after.map(group));
    const text = soundFleet.replace(
      /workloads:\n[^]*?\n {4}strategy/,
      () => `workloads: ${workloads}\n    strategy`,
    );
    const loaded = loadFleet(text, 'fleet.yaml');
    return loaded.kind === 'fleet' ? [] : loaded.diagnostics;
  };
  const ring = (length: number) => Array.from({ length }, (_, index) => [(index + 1) % length]);
  for (const length of [1, 2, 5, 5000]) {
    expect(file(ring(length)).map(({ code }) => code)).toEqual(['fleet/circular-order']);
  }
  expect(file(ring(3))[0]?.found).toMatch(/g0 after g1 after g2 after g0/);
  // Each after some of those before it: however they are, never a circle.
  const orders = fc
    .array(fc.array(fc.nat(20)), { minLength: 1, maxLength: 20 })
    .map((all) => all.map((some, index) => [...new Set(some.filter((one) => one < index))]));
  fc.assert(
    fc.property(orders, (after) => {
      expect(file(after)).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

it.each([
  ["status: 'False'", 'status: False', 'the truth value false → Put it in quotes: "False".'],
  ['soak: 30m', 'soak: 30', 'the number 30 → Write its unit too: 30s or 30m.'],
  ['names: [storefront]', 'after: [agents]', 'none of names, selector → Add one of them.'],
  [
    'names: [storefront]',
    'names: [a]\n        selector: {b: c}',
    'names and selector → Keep one of them.',
  ],
  ['after: [readers]', 'after: [raeders]', 'the group "raeders" → Write "readers".'],
  [
    'maxFailures: 5%',
    'maxFailures: [5]',
    'a list of 1 → Write a whole number, or per cent such as "5%" here.',
  ],
])('%j → %j teaches', (from, to, message) => {
  const loaded = loadFleet(changedStrategy(from, to), 'fleet.yaml');
  const [first] = loaded.kind === 'invalid' ? loaded.diagnostics : [];
  expect(`${first?.found} → ${first?.next}`).toBe(message);
});
