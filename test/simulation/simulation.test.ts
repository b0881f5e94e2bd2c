import { describe, expect, it } from '@jest/globals';
import { Catalogue } from './catalogue.ts';
import { trueCore } from './core-under-test.ts';
import { hunt } from './mutate.ts';
import { mutants } from './mutants.ts';
import { simulate } from './simulate.ts';

const seeds = Array.from({ length: 300 }, (_, index) => index + 1);

/** So few seeds need not show everything, but these. */
const mustSee = [
  'outcome restarted',
  'outcome alreadyRestarted',
  'outcome partial',
  'outcome reverted',
  'outcome missing',
  'outcome unreachable',
  'skipped superseded',
  'skipped halted',
  'exit ok',
  'exit retryable',
  'exit halted',
  'exit crashed',
  'halt budget',
  'halt gate',
  'halt stopped',
  'effect evict',
  'fault crashAfter',
  'fault staleList',
];

describe('the deterministic simulation', () => {
  it('keeps every promise in every seed, and sees what must sometimes happen', () => {
    const catalogue = new Catalogue();
    for (const seed of seeds) {
      const { failure, catalogue: counts } = simulate(seed, trueCore);
      expect({ seed, failure }).toEqual({ seed, failure: undefined });
      catalogue.add(counts);
    }
    expect(mustSee.filter((one) => !catalogue.counts.has(one))).toEqual([]);
  }, 60_000);

  it('goes the same way whenever a seed is the same', () => {
    for (const seed of seeds.slice(0, 20)) {
      const [first, second] = [simulate(seed, trueCore), simulate(seed, trueCore)];
      expect(second.hash).toBe(first.hash);
    }
    const hashes = new Set(seeds.slice(0, 20).map((seed) => simulate(seed, trueCore).hash));
    expect(hashes.size).toBe(20);
  }, 60_000);

  it('catches a mistake in the core', async () => {
    const [first] = mutants;
    if (!first) throw new Error('there are no mutants');
    expect(await hunt(first, 1)).toMatchObject({ kind: 'caught' });
  }, 60_000);
});
