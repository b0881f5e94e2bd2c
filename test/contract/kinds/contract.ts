import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Laboratory } from '../laboratory.ts';
import { TestFleets, type TestFleet } from '../support/fleets.ts';
import { writeKindsFleet } from '../support/kinds-fleet.ts';
import { restartsUnder } from '../support/restarts.ts';
import type { KindsContext } from './context.ts';
import { describeEvictions } from './evictions.ts';
import { describeKinds } from './kinds.ts';
import { describeSpecialCases } from './special.ts';

/** Every kind that can be restarted, and the cases in which one is special. */
export function kindsContract(laboratory: Laboratory): void {
  const fleets = new TestFleets(laboratory);
  let fleet: TestFleet;
  beforeAll(async () => {
    fleet = await fleets.startFrom(writeKindsFleet);
  });
  afterAll(() => fleets.close());

  const context: KindsContext = {
    test: laboratory.concurrent ? it.concurrent : it,
    fleet: () => fleet,
    count: async (run, namespace) => {
      const all = Object.entries(await restartsUnder(fleet, run, 'one/'));
      return Object.fromEntries(
        all
          .filter(([key]) => key.split('/')[2] === namespace)
          .map(([key, times]) => [key.replace('one/', ''), times]),
      );
    },
  };
  describeKinds(context);
  describeSpecialCases(context);
  describeEvictions(context);

  it('shows no secret', async () => {
    expect(await fleets.leaks()).toEqual([]);
  });
}
