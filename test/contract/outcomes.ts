import { afterAll, expect, it } from '@jest/globals';
import { formatInstant } from '../../jobs/restart/core/instant.ts';
import type { Laboratory } from './laboratory.ts';
import { TestFleets } from './support/fleets.ts';
import { outcomesOf } from './support/job.ts';
import { all, restartsBy } from './support/restarts.ts';

const encryption = 'sts-js-avro-encryption-processor';
const decryption = 'sts-js-avro-decryption-processor';

/** What becomes of workloads that are not as they should be, or are restarted already. */
export function outcomeContract(laboratory: Laboratory): void {
  const test = laboratory.concurrent ? it.concurrent : it;
  const fleets = new TestFleets(laboratory);
  afterAll(() => fleets.close());

  test('paused, missing, scaled to nothing, or unable to come up: each has its own outcome', async () => {
    const fleet = await fleets.start({
      workloads: {
        [`golf-pp/${encryption}`]: { paused: true },
        [`golf-pp/${decryption}`]: null,
        [`golf-dev/${encryption}`]: { replicas: 0 },
        [`golf-dev/${decryption}`]: { failing: true, rolloutSeconds: 2 },
      },
    });
    const run = fleet.nextRun();
    const { code, report } = await fleet.run(run);
    expect(outcomesOf(report)).toEqual({
      ...all('restarted'),
      [`golf-pp/${encryption}`]: 'skipped',
      [`golf-pp/${decryption}`]: 'missing',
      [`golf-dev/${decryption}`]: 'failed',
    });
    const failed = report?.workloads.find(({ outcome }) => outcome.kind === 'failed');
    expect(JSON.stringify(failed?.outcome)).toContain('has timed out progressing');
    expect([code, report?.exit.name]).toEqual([3, 'incomplete']);
    expect(await restartsBy(fleet, run)).toMatchObject({
      [`golf-pp/${encryption}`]: 0,
      [`golf-dev/${encryption}`]: 1,
      [`golf-dev/${decryption}`]: 1,
    });
  });

  test('restarted by hand at or after the instant: it is not restarted again', async () => {
    const fleet = await fleets.start();
    const [run, byHand] = [fleet.nextRun(), fleet.nextRun()];
    const annotations = { 'kubectl.kubernetes.io/restartedAt': formatInstant(byHand) };
    const { status } = await fleet.lab.admin('golf-prd', {
      method: 'PATCH',
      path: `/apis/apps/v1/namespaces/sts/deployments/${encryption}?fieldManager=kubectl-rollout`,
      body: { spec: { template: { metadata: { annotations } } } },
    });
    expect(status).toBe(200);
    const { code, report } = await fleet.run(run);
    expect(outcomesOf(report)).toEqual({
      ...all('restarted'),
      [`golf-prd/${encryption}`]: 'alreadyRestarted',
    });
    expect(code).toBe(0);
    expect(await restartsBy(fleet, run)).toMatchObject({
      [`golf-prd/${encryption}`]: 0,
      [`golf-prd/${decryption}`]: 1,
    });
    expect(await restartsBy(fleet, byHand)).toMatchObject({ [`golf-prd/${encryption}`]: 1 });
  });
}
