import { describe, expect, it } from '@jest/globals';
import { parsePlan } from '../../../jobs/restart/parse-plan.ts';
import { makePlan } from './support/plan.ts';

const plan = makePlan(['c0', 'c1'], ['a', 'b']);
const [first, second] = plan.targets;
const parse = (overrides: object) => parsePlan(JSON.stringify({ ...plan, ...overrides }));

describe('a plan', () => {
  it('is read as it was written, and known by its text', () => {
    const parsed = parse({});
    expect(parsed).toMatchObject({ kind: 'plan', plan });
    expect(parsed).not.toEqual(parse({ service: 'another' }));
  });

  it.each([
    ['no JSON', undefined, /not JSON/],
    ['another version', { version: 2 }, /version/],
    ['a key of a later version', { waves: [] }, /waves/],
    ['no target', { targets: [] }, /targets/],
    ['nothing to restart', { targets: [{ ...first, workloads: [] }] }, /workloads/],
    ['one cluster twice', { targets: [first, { ...second, cluster: 'c0' }] }, /twice/],
    ['a record too small', { record: { ...plan.record, perShard: 3 } }, /ConfigMaps/],
    ['no time', { strategy: { ...plan.strategy, timeoutSeconds: 0 } }, /timeoutSeconds/],
  ])('is refused with %s', (_, overrides, message) => {
    const parsed = overrides ? parse(overrides) : parsePlan('{');
    expect(parsed.kind).toBe('invalid');
    expect(parsed.kind === 'invalid' && parsed.message).toMatch(message);
  });
});
