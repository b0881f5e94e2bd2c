import { describe, expect, it } from '@jest/globals';
import { oracle } from './oracle.ts';
import { ours } from './ours.ts';
import type { Answer, Scenario } from './scenario.ts';

/** One line of a table: what is asked, the answer, and the scenario. */
export type Case = readonly [string, Answer, Scenario];

/** For each case both evaluators give the answer, and ours is sure of it. */
export function expectAgreement(title: string, cases: readonly Case[]): void {
  describe(title, () => {
    it.each(cases)('%s: %s', (_, expected, scenario) => {
      expect({ ...ours(scenario), oracle: oracle(scenario) }).toEqual({
        answer: expected,
        uncertain: false,
        oracle: expected,
      });
    });

    it('has answers of both kinds', () => {
      expect(new Set(cases.map(([, answer]) => answer))).toEqual(new Set(['allowed', 'denied']));
    });
  });
}
