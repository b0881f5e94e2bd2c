import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseInstant } from '../../jobs/restart/core/instant.ts';
import { parseControl } from '../../jobs/restart/record/control.ts';
import { noProgress, type PastRun, type ShardContent } from '../../jobs/restart/record/format.ts';
import { intercept } from '../contract/support/intercept.ts';
import { restart, startHub, type TestHub } from './support/hub.ts';
import { now, run as cli } from './support/run.ts';

const run = '2026-11-20T11:15:00Z';
const instant = parseInstant(run) ?? 0;
const header = { instant, restart, planDigest: 'd', jobs: [] };
const past: PastRun = {
  run,
  by: 'pod-1',
  planDigest: 'd',
  startedAt: '2026-11-20T11:15:03.100Z',
  attempts: 1,
  wavesDone: 1,
  failures: 0,
};
const underWay: Partial<ShardContent> = {
  header,
  progress: { wavesDone: 1, failed: [] },
  history: [past],
};

let hub: TestHub;
let handle: TestHub['kube']['handle'];
beforeAll(async () => {
  hub = await startHub();
  handle = hub.kube.handle.bind(hub.kube);
});
afterAll(() => hub.close());
beforeEach(async () => {
  hub.kube.handle = handle;
  await hub.patch({ data: null, metadata: { annotations: null } });
  await hub.write(underWay);
  await hub.hold('pod-1', now);
});

const operate = (command: string, ...rest: readonly string[]) =>
  cli([command, restart, ...rest, '-f', hub.fleetFile, '--kubeconfig', hub.kubeconfig]);
/** As the job reads it. */
const control = (of = instant) => parseControl(hub.record().metadata.annotations ?? {}, of);

describe('what is written is what the job reads', () => {
  it('stop', async () => {
    const { data } = hub.record();
    const { code, stdout, stderr } = await operate('stop');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain(`context ci, ConfigMap sts/${restart}-record-0\n`);
    expect(stderr).toContain(
      `Run ${run} will begin nothing new (within 10 s); restarts under way are awaited; nothing is undone.\n`,
    );
    expect(control()).toEqual({ stop: true, paused: false, approved: [] });
    expect(control(instant + 60_000).stop).toBe(false);
    expect(hub.record().data).toEqual(data);
    const manager = hub
      .record()
      .metadata.managedFields?.find((one) => one.manager === 'rollcall-cli');
    expect(manager?.fieldsV1).toEqual({
      'f:metadata': { 'f:annotations': { '.': {}, 'f:rollcall.dev/stop': {} } },
    });
  });

  it('stop, with the run as a guard, by namespace', async () => {
    const where = ['-n', 'sts', '--kubeconfig', hub.kubeconfig, '--context', 'ci'];
    const same = '2026-11-20T12:15:00+01:00';
    expect((await cli(['stop', restart, '--run', same, ...where])).code).toBe(0);
    expect(control().stop).toBe(true);
  });

  it('pause and resume', async () => {
    const paused = await operate('pause', '--by', 'ada');
    expect([paused.code, paused.stdout]).toEqual([0, '']);
    expect(hub.record().metadata.annotations).toEqual({
      'rollcall.dev/pause': '2026-11-20T12:00:00Z ada',
    });
    expect([control().paused, control(0).paused]).toEqual([true, true]);
    expect((await operate('pause', '--by', 'bob')).stderr).toContain(
      'It has been paused before: 2026-11-20T12:00:00Z ada\n',
    );
    await operate('stop');
    expect((await operate('resume')).code).toBe(0);
    expect(control()).toEqual({ stop: true, paused: false, approved: [] });
    expect((await operate('resume')).stderr).toContain('It was not paused.\n');
  });

  it('pause, before the first run', async () => {
    await hub.patch({ data: null });
    await operate('pause');
    expect(hub.record().metadata.annotations?.['rollcall.dev/pause']).toMatch(
      /^2026-11-20T12:00:00Z \S/,
    );
  });

  it('approve, one wave after the other, and none of an earlier run', async () => {
    const before = '2026-11-13T11:15:00Z/last';
    await hub.patch({ metadata: { annotations: { 'rollcall.dev/approve': before } } });
    for (const wave of ['second', 'second', 'last']) {
      expect(await operate('approve', wave)).toMatchObject({ code: 0, stdout: '' });
    }
    expect(control().approved).toEqual(['last', 'second']);
    expect(hub.record().metadata.annotations?.['rollcall.dev/approve']).toBe(
      `${run}/second,${run}/last`,
    );
  });
});

describe('said twice', () => {
  it.each<[string, Partial<ShardContent>, RegExp]>([
    ['stop', underWay, /^It has been stopped before\. /m],
    [
      'stop',
      {
        ...underWay,
        progress: { ...noProgress, halted: { reason: 'stopped', message: 'by an operator' } },
      },
      /^Run \S+ has halted before, and stays so: by an operator$/m,
    ],
  ])('%s is no error, and writes nothing, case %#', async (command, content, said) => {
    await hub.write(content);
    await operate(command);
    const written = hub.record();
    const { code, stderr } = await operate(command);
    expect(code).toBe(0);
    expect(stderr).toMatch(said);
    expect(hub.record()).toEqual(written);
  });
});

describe('a job that writes in between', () => {
  /** Has the run make progress between each read and write, so often. */
  function disturb(times: number, content: () => Partial<ShardContent>): void {
    let left = times;
    intercept(hub.kube, async (request, answer) => {
      if (request.method === 'PATCH' && left-- > 0) await hub.write(content());
      return answer();
    });
  }

  it('is not overwritten: the word is put on what it has written', async () => {
    let wave = 1;
    disturb(3, () => ({ ...underWay, progress: { wavesDone: ++wave, failed: [] } }));
    expect((await operate('approve', 'last')).code).toBe(0);
    expect(control().approved).toEqual(['last']);
    expect(hub.record().data?.['progress.json']).toContain('"wavesDone":4');
  });

  it('may begin another run: that one is not meant by --run', async () => {
    const next = instant + 3_600_000;
    disturb(1, () => ({ header: { ...header, instant: next } }));
    const { code, stderr } = await operate('stop', '--run', run);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^hub\/no-run .*\n {2}found: {4}run 2026-11-20T12:15:00Z\n/);
    expect(hub.record().metadata.annotations).toBeUndefined();
  });

  const forEver = (): void => {
    let wave = 1;
    disturb(1000, () => ({ ...underWay, progress: { wavesDone: ++wave, failed: [] } }));
  };

  it('all the time, keeps no approval from being given to the record that was read', async () => {
    forEver();
    const { code, stderr } = await operate('approve', 'last');
    expect(code).toBe(1);
    expect(stderr).toMatch(/^hub\/busy /);
    expect(control().approved).toEqual([]);
  }, 20_000);

  it('all the time, keeps nobody from stopping, pausing and resuming', async () => {
    forEver();
    for (const command of ['stop', 'pause']) expect((await operate(command)).code).toBe(0);
    expect(control()).toEqual({ stop: true, paused: true, approved: [] });
    expect(await operate('resume')).toMatchObject({ code: 0 });
    expect(control()).toEqual({ stop: true, paused: false, approved: [] });
    expect(hub.record().data?.['progress.json']).toMatch(/"wavesDone":1\d/);
  }, 20_000);

  it('and takes the word away, is told once more', async () => {
    forEver();
    let blind = 0;
    intercept(hub.kube, async (request, answer) => {
      const response = await answer();
      const isBlind =
        request.method === 'PATCH' && !(request.body ?? '').includes('resourceVersion');
      if (isBlind && ++blind === 1) await hub.patch({ metadata: { annotations: null } });
      return response;
    });
    expect((await operate('pause')).code).toBe(0);
    expect([blind, control().paused]).toEqual([2, true]);
  }, 20_000);
});

describe('a run that nobody is at work on', () => {
  const idle = /^Nobody is at work on run 2026-11-20T11:15:00Z: .*Going on with a run\.$/m;

  it.each([['stop'], ['approve', 'last'], ['resume']])(
    'is told, by %s',
    async (command, ...rest) => {
      expect((await operate(command, ...rest)).stderr).not.toMatch(idle);
      await hub.hold('pod-1', now - 61_000);
      expect((await operate(command, ...rest)).stderr).toMatch(idle);
      await hub.patch({ data: null });
      if (command === 'resume') expect((await operate(command)).stderr).not.toMatch(idle);
    },
  );
});
