import { setTimeout } from 'node:timers/promises';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { formatInstant } from '../../jobs/restart/core/instant.ts';
import type { JobEnd } from '../../src/demo/job-process.ts';
import type { Pod } from '../../src/demo/pod.ts';
import { TestFleets, type TestFleet } from './support/fleet.ts';
import {
  argument,
  outcomesOf,
  withArguments,
  withEnvironment,
  type Traces,
} from './support/job.ts';
import { all, never, once, restartsBy, stampsOf } from './support/restarts.ts';

jest.setTimeout(60_000);

const fleets = new TestFleets();
let fleet: TestFleet;
beforeAll(async () => {
  fleet = await fleets.start();
});
afterAll(() => fleets.close());

describe('a run', () => {
  it('restarts every workload once, and nothing else', async () => {
    const run = fleet.nextRun();
    const job = fleet.start(fleet.pod(run));
    const { code, report, stdout } = await job.ended;
    expect([code, outcomesOf(report)]).toEqual([0, all('restarted')]);
    expect(restartsBy(fleet, run)).toEqual(once);

    // It tells the same on stdout, in its file, and in the termination log.
    expect(stdout).toMatch(/^\{"rollcall":"report".*\}\n$/);
    expect(stdout.match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(stdout)).toEqual(report);
    expect(JSON.parse(readFileSync(job.pod.reportFile, 'utf8'))).toEqual(report);
    const terminationLog = readFileSync(argument(job.pod, '--termination-log'));
    expect(terminationLog.length).toBeLessThanOrEqual(4096);
    expect(JSON.parse(terminationLog.toString())).toEqual({
      restart: 'after-key-creation',
      run: formatInstant(run),
      exit: { code: 0, name: 'ok' },
      counts: { restarted: 6 },
      problems: [],
      more: 0,
    });

    const again = await fleet.run(run);
    expect([again.code, outcomesOf(again.report)]).toEqual([0, all('alreadyRestarted')]);
    expect(restartsBy(fleet, run)).toEqual(once);

    const next = fleet.nextRun();
    expect(await fleet.run(next)).toMatchObject({ code: 0 });
    expect(restartsBy(fleet, run)).toEqual(once);
    expect(restartsBy(fleet, next)).toEqual(once);
  });
});

/** The pod with another text in its plan. */
function withPlan(pod: Pod, change: (text: string) => string): Pod {
  const file = argument(pod, '--plan');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
  return pod;
}

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
      const job = fleet.start(change(fleet.pod(begun)));
      return [name, { ...(await job.ended), ...(await job.traces()) }] as const;
    });
    ends = new Map(await Promise.all(started));
  });

  it.each(cases)('%s', (name, _, line, exit = 2) => {
    const { code, stdout, stderr, terminationLog } = ends.get(name) ?? {};
    expect(stderr).toMatch(line);
    expect(stderr?.trimEnd().split('\n')).toHaveLength(1);
    // What the program itself says, it says after the time.
    const said = stderr?.replace(/^error: .*|^\S+ /, '').trimEnd();
    expect(terminationLog).toBe(said);
    expect([code, stdout]).toEqual([exit, '']);
    expect(restartsBy(fleet, begun)).toEqual(never);
  });
});

describe('a retry', () => {
  it('whose plan has changed restarts nothing', async () => {
    const run = fleet.nextRun();
    const first = fleet.start(fleet.pod(run));
    await first.told(/: patched$/);
    await first.signal('SIGKILL');
    const before = stampsOf(fleet);
    const changed = withPlan(fleet.pod(run), (text) =>
      text.replaceAll(',"sts-js-avro-decryption-processor"', ''),
    );
    const { code, stdout, stderr } = await fleet.start(changed).ended;
    expect(stderr).toMatch(
      /^\S+ misconfigured: run \S+ was begun with plan \w{12}, and this is plan/,
    );
    expect([code, stdout]).toEqual([2, '']);
    expect(stampsOf(fleet)).toEqual(before);
  });
});

describe('--run', () => {
  it('comes before the name of the Job', async () => {
    const [scheduled, given] = [fleet.nextRun(), fleet.nextRun()];
    const elsewhere = new Date(given + 3_600_000).toISOString().replace('.000Z', '+01:00');
    const pod = withArguments(fleet.pod(scheduled), { '--run': elsewhere });
    const { code, report } = await fleet.start(pod).ended;
    expect([code, report?.run]).toEqual([0, formatInstant(given)]);
    expect(restartsBy(fleet, given)).toEqual(once);
  });
});

describe('a Job that no schedule made', () => {
  const pod = (job: string) => withEnvironment(fleet.pod(0), { ROLLCALL_JOB_NAME: job });

  it('has an instant of its own, which its retried pod has too, and no other Job', async () => {
    const first = fleet.start(pod('by-hand'));
    await first.told(/: patched$/);
    const { stderr } = await first.signal('SIGKILL');
    const { code, report } = await fleet.start(pod('by-hand')).ended;
    expect(code).toBe(0);
    const run = Date.parse(report?.run ?? '');
    expect(run).toBeGreaterThan(fleet.nextRun());
    expect(stderr).toContain(`run ${report?.run ?? ''} of after-key-creation`);
    expect(restartsBy(fleet, run)).toEqual(once);

    // An instant is a whole second.
    await setTimeout(Math.max(0, run + 1000 - Date.now()));
    const other = await fleet.start(pod('by-hand-again')).ended;
    expect(Date.parse(other.report?.run ?? '')).toBeGreaterThan(run);
    expect(outcomesOf(other.report)).toEqual(all('restarted'));
  });
});

it('shows no secret', async () => {
  expect(await fleets.leaks()).toEqual([]);
});
