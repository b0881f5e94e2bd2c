import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scenarios } from './support/grammar.ts';
import { oracle } from './support/oracle.ts';
import { ours } from './support/ours.ts';

const numRuns = Number(process.env.SOAK_RUNS ?? 1000);

it('what our evaluator decides is what the other one decides', () => {
  const seen = { allowed: 0, denied: 0, unsure: 0 };
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const { answer, uncertain } = ours(scenario);
      // What is not simulated fails closed: then ours may deny what the other one allows.
      seen[uncertain && answer === 'denied' ? 'unsure' : answer] += 1;
      if (uncertain && answer === 'denied') return;
      expect(oracle(scenario)).toBe(answer);
    }),
    { numRuns },
  );
  // Neither kind of answer is rare, and little is left out.
  expect(seen.allowed / numRuns).toBeGreaterThan(0.1);
  expect(seen.denied / numRuns).toBeGreaterThan(0.3);
  expect(seen.unsure / numRuns).toBeLessThan(0.1);
});
