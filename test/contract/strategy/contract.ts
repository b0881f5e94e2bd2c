import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Laboratory } from '../laboratory.ts';
import { TestFleets, type TestFleet } from '../support/fleets.ts';
import { restartsUnder } from '../support/restarts.ts';
import { writeStrategyFleet } from '../support/strategy-fleet.ts';
import { endings } from '../support/tell.ts';
import type { StrategyContext } from './context.ts';
import { describeGates } from './gates.ts';
import { describeObstacles } from './obstacles.ts';
import { describeOperators } from './operators.ts';
import { describeOrder } from './order.ts';
import { describeWaves } from './waves.ts';

/** In which order, how much, when, and when not: what a strategy asks for, and operators say. */
export function strategyContract(laboratory: Laboratory): void {
  const fleets = new TestFleets(laboratory);
  let fleet: TestFleet;
  beforeAll(async () => {
    fleet = await fleets.startFrom(writeStrategyFleet);
  });
  afterAll(() => fleets.close());

  const context: StrategyContext = {
    test: laboratory.concurrent ? it.concurrent : it,
    fleet: () => fleet,
    restarts: async (run, namespace) => {
      const all = await restartsUnder(fleet, run, '');
      return ['east', 'west'].map((cluster) => all[`${cluster}/Deployment/${namespace}/a`]);
    },
    outcomes: (report) => Object.values(endings(report)),
  };
  describeWaves(context);
  describeGates(context);
  describeOperators(context);
  describeOrder(context);
  describeObstacles(context);

  it('shows no secret', async () => {
    expect(await fleets.leaks()).toEqual([]);
  });
}
