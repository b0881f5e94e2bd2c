import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseInstant } from '../../jobs/restart/core/instant.ts';
import type { PastRun, ShardContent } from '../../jobs/restart/record/format.ts';
import { intercept } from '../contract/support/intercept.ts';
import { configMap, restart, startHub, type TestHub } from './support/hub.ts';
import { dataFormats, now, run as cli } from './support/run.ts';

const before: PastRun = {
  run: '2026-11-13T02:15:00Z',
  by: 'pod-a',
  reason: 'key \x1b[31m2026-46',
  planDigest: 'c',
  startedAt: '2026-11-13T02:15:02.000Z',
  finishedAt: '2026-11-13T02:31:40.250Z',
  attempts: 2,
  wavesDone: 3,
  failures: 0,
  exit: 'ok',
  counts: { restarted: 5, alreadyRestarted: 1 },
};
const current: PastRun = {
  run: '2026-11-20T02:15:00Z',
  by: 'pod-b',
  planDigest: 'd',
  startedAt: '2026-11-20T02:15:01.500Z',
  attempts: 1,
  wavesDone: 0,
  failures: 0,
};
const header = { instant: parseInstant(current.run) ?? 0, restart, planDigest: 'd', jobs: [] };
const failed = ['golf-dev/Deployment/sts/sts-js-avro-encryption-processor'];
const underWay: Partial<ShardContent> = {
  header,
  progress: { wavesDone: 1, failed },
  history: [before, current],
};
const ended = (exit: string): Partial<ShardContent> => ({
  ...underWay,
  history: [before, { ...current, finishedAt: '2026-11-20T02:40:00.000Z', exit, wavesDone: 1 }],
});
const halted: Partial<ShardContent> = {
  ...underWay,
  progress: { wavesDone: 1, failed, halted: { reason: 'budget', message: '2 have failed' } },
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
  await hub.hold('pod-b', now);
});

const forbidden = {
  kind: 'json' as const,
  status: 403,
  body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 403 },
};

const runs = (...rest: readonly string[]) =>
  cli(['runs', restart, '-f', hub.fleetFile, '--kubeconfig', hub.kubeconfig, ...rest], {
    terminal: true,
    env: { NO_COLOR: '1' },
  });

describe('rollcall runs', () => {
  it('is a table, the newest run first', async () => {
    await hub.write(underWay);
    const { code, stdout, stderr } = await runs();
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      [
        'RUN                   STATE    WAVES  FAILURES  ATTEMPTS  STARTED               FINISHED              BY     REASON                 OUTCOMES',
        '2026-11-20T02:15:00Z  waiting  1/3    1         1         2026-11-20T02:15:01Z  -                     pod-b  -                      -',
        '2026-11-13T02:15:00Z  ok       3      0         2         2026-11-13T02:15:02Z  2026-11-13T02:31:40Z  pod-a  key \\u{1b}[31m2026-46  5 restarted, 1 alreadyRestarted',
        '',
        `Wave second begins only once it is approved: rollcall approve ${restart} second`,
        '',
      ].join('\n'),
    );
  });

  const approve = (waves: string) => ({ 'rollcall.dev/approve': `${current.run}/${waves}` });
  it.each<[string, Partial<ShardContent>, Readonly<Record<string, string>>, RegExp | undefined]>([
    ['waiting', underWay, approve('last'), /^Wave second begins only once/m],
    ['running', underWay, approve('second'), undefined],
    ['running', { ...underWay, progress: { wavesDone: 0, failed: [] } }, {}, undefined],
    ['stopping', underWay, { 'rollcall.dev/stop': current.run }, /^Run \S+ is being stopped/m],
    ['waiting', underWay, { 'rollcall.dev/stop': before.run }, /^Wave second/m],
    [
      'paused',
      underWay,
      { 'rollcall.dev/pause': 'now ada' },
      /^Paused: now ada\. .* resume after/m,
    ],
    ['waiting', underWay, { 'rollcall.dev/pause': 'false' }, /^Wave second/m],
    ['halted', halted, {}, /^Run \S+ has halted \(budget\): 2 have failed$/m],
    ['incomplete', ended('incomplete'), {}, undefined],
    ['cancelled', ended('cancelled'), { 'rollcall.dev/stop': current.run }, undefined],
    // Its Job's next pod takes it up.
    ['waiting', ended('retryable'), {}, /^Wave second/m],
  ])('says %s, case %#', async (state, content, annotations, note) => {
    await hub.write(content);
    await hub.patch({ metadata: { annotations } });
    const { code, stdout } = await runs();
    expect(code).toBe(0);
    const [, newest = '', , ...notes] = stdout.split('\n');
    expect(newest.split(/ {2,}/)[1]).toBe(state);
    if (note) expect(notes.join('\n')).toMatch(note);
    else expect(notes.join('')).toBe('');
  });

  const seconds = 1000;
  const idle =
    /^Nobody is at work on run \S+: .* make its Job again: docs\/restarts\.md, Going on with a run\.$/m;
  it.each<[string, string | null, number, Partial<ShardContent>]>([
    ['waiting', 'pod-b', now - 50 * seconds, underWay],
    // Its clock is ahead of ours.
    ['waiting', 'pod-b', now + 600 * seconds, underWay],
    ['interrupted', 'pod-b', now - 61 * seconds, underWay],
    ['interrupted', null, now, underWay],
    ['interrupted', null, now, ended('retryable')],
    ['interrupted', null, now, ended('refused')],
    ['halted', null, now, halted],
    ['ok', null, now, ended('ok')],
  ])('says %s where %j has renewed the Lease, case %#', async (state, holder, at, content) => {
    await hub.write(content);
    await hub.hold(holder, at);
    const [, newest = '', ...rest] = (await runs()).stdout.split('\n');
    expect(newest.split(/ {2,}/)[1]).toBe(state);
    expect(idle.test(rest.join('\n'))).toBe(state === 'interrupted');
    const { current: told } = JSON.parse((await runs('-o', 'json')).stdout) as {
      current: { interrupted?: boolean };
    };
    expect(told.interrupted).toBe(state === 'interrupted' ? true : undefined);
  });

  it('believes that somebody is at work where it may not look at the Lease', async () => {
    await hub.write(underWay);
    await hub.hold(null, now);
    intercept(hub.kube, (request, answer) =>
      request.path.includes('/leases/') ? Promise.resolve(forbidden) : answer(),
    );
    expect((await runs()).stdout).toMatch(/^\S+ {2}waiting /m);
  });

  it.each(dataFormats)('-o %s holds the same', async (format, read) => {
    await hub.write(halted);
    await hub.patch({ metadata: { annotations: { 'rollcall.dev/pause': 'now ada' } } });
    const { code, stdout } = await runs('-o', format);
    expect(code).toBe(0);
    expect(read(stdout)).toEqual({
      restart,
      namespace: 'sts',
      paused: 'now ada',
      current: {
        run: current.run,
        over: false,
        stopped: false,
        halted: halted.progress?.halted,
        wavesDone: 1,
        waves: ['canary', 'second', 'last'],
        failed,
      },
      runs: [current, before],
    });
  });

  it('before the first run says so, and gives empty data', async () => {
    expect(await runs()).toMatchObject({
      code: 0,
      stdout: '',
      stderr: `context ci, ConfigMap sts/${configMap}\nNo run of ${restart} has begun yet.\n`,
    });
    const { stdout } = await runs('-o', 'json');
    expect(JSON.parse(stdout)).toEqual({ restart, namespace: 'sts', runs: [] });
    await hub.patch({ metadata: { annotations: { 'rollcall.dev/pause': 'now ada' } } });
    expect((await runs()).stdout).toMatch(/^Paused: now ada\./);
  });

  it('needs no plan to tell of runs', async () => {
    await hub.write(underWay);
    const { kube } = hub;
    const plan = kube.read('ConfigMap', 'sts', `${restart}-plan`);
    kube.remove('ConfigMap', 'sts', `${restart}-plan`);
    const { code, stdout } = await runs('-o', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ current: { waves: [], wavesDone: 1 } });
    const { apiVersion, kind, data } = plan as never as Record<string, unknown>;
    kube.apply({ apiVersion, kind, data, metadata: { namespace: 'sts', name: `${restart}-plan` } });
  });
});
