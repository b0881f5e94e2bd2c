import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { JobEnd } from '../../src/demo/job-process.ts';
import type { Pod } from '../../src/demo/pod.ts';
import { TestFleets, type TestFleet } from '../contract/support/fleets.ts';
import {
  argument,
  withArguments,
  withEnvironment,
  withPlan,
  type Traces,
} from '../contract/support/job.ts';
import { never, restartsBy } from '../contract/support/restarts.ts';
import {
  simulatedLaboratory,
  type SimulatedLab,
} from '../contract/support/simulated-laboratory.ts';

jest.setTimeout(60_000);

const fleets = new TestFleets(simulatedLaboratory);
let fleet: TestFleet<SimulatedLab>;
beforeAll(async () => {
  fleet = await fleets.start();
});
afterAll(() => fleets.close());

const without = (pod: Pod, option: string): Pod => {
  const at = pod.args.indexOf(option);
  return { ...pod, args: pod.args.toSpliced(at, 2) };
};

describe('a job that can not begin says why in one line, and restarts nothing', () => {
  const cases: readonly [string, (pod: Pod) => Pod, RegExp, number?][] = [
    ['no plan', (pod) => without(pod, '--plan'), /option '--plan <file>' not specified/],
    ['no such option', (pod) => withArguments(pod, { '--wait': 'x' }), /unknown option '--wait'/],
    [
      'a plan that is not there',
      (pod) => withArguments(pod, { '--plan': `${argument(pod, '--plan')}.gone` }),
      /misconfigured: the plan can't be read: ENOENT/,
    ],
    [
      'a plan that is no JSON',
      (pod) => withPlan(pod, (text) => text.slice(0, -1)),
      /misconfigured: .*plan\.json: not JSON/,
    ],
    [
      'a plan that is empty',
      (pod) => withPlan(pod, () => '{}'),
      /misconfigured: .*plan\.json: .*→ at fleet/,
    ],
    [
      'a plan with a key that is not known',
      (pod) => withPlan(pod, (text) => text.replace('"service"', '"x":1,"service"')),
      /misconfigured: .*plan\.json: .*"x"/,
    ],
    [
      'a run that is no instant',
      (pod) => withArguments(pod, { '--run': 'monday' }),
      /misconfigured: --run "monday": expected an instant such as/,
    ],
    [
      'a grace period that is no number',
      (pod) => withArguments(pod, { '--grace-seconds': 'some' }),
      /misconfigured: --grace-seconds some: expected a number/,
    ],
    [
      'no cluster around it',
      (pod) => withEnvironment(pod, { KUBERNETES_SERVICE_HOST: undefined }),
      /misconfigured: KUBERNETES_SERVICE_HOST is not set.*--record/,
    ],
    [
      'no ServiceAccount',
      (pod) => {
        rmSync(`${argument(pod, '--service-account-dir')}/ca.crt`);
        return pod;
      },
      /the run record can't be used.*ca\.crt can't be read.*automountServiceAccountToken/,
      3,
    ],
  ];

  let begun: number;
  let ends: ReadonlyMap<string, Traces & Pick<JobEnd, 'code'>>;
  beforeAll(async () => {
    begun = fleet.nextRun();
    const started = cases.map(async ([name, change]) => {
      const job = fleet.start(change(await fleet.pod(begun)));
      return [name, { ...(await job.ended), ...(await job.traces()) }] as const;
    });
    ends = new Map(await Promise.all(started));
  });

  it.each(cases)('%s', async (name, _, line, exit = 2) => {
    const { code, stdout, stderr, terminationLog } = ends.get(name) ?? {};
    expect(stderr).toMatch(line);
    expect(stderr?.trimEnd().split('\n')).toHaveLength(1);
    // What the program itself says, it says after the time.
    const said = stderr?.replace(/^error: .*|^\S+ /, '').trimEnd();
    expect(terminationLog).toBe(said);
    expect([code, stdout]).toEqual([exit, '']);
    expect(await restartsBy(fleet, begun)).toEqual(never);
  });
});

it('shows no secret', async () => {
  expect(await fleets.leaks()).toEqual([]);
});
