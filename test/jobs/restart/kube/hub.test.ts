import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { PlannedCheck } from '../../../../src/plan/restart-plan.ts';
import { createFileHub } from '../../../../jobs/restart/kube/file-hub.ts';
import type { GateJob, Hub } from '../../../../jobs/restart/ports.ts';
import { linkErrorOf } from '../support/aws-answers.ts';
import { makeStatus } from '../support/deployments.ts';
import { openHub } from '../support/hub-folder.ts';
import {
  json,
  makeKey,
  startServer,
  type LocalServer,
  type ServerKey,
} from '../support/local-server.ts';
import { plantedSecrets } from '../support/secrets.ts';

const never = new AbortController().signal;
const ready: PlannedCheck = {
  kind: 'condition',
  apiVersion: 'apps/v1',
  resource: 'deployments',
  namespace: 'shop',
  name: 'web',
  type: 'Available',
  status: 'True',
};
const job: GateJob = {
  name: 'smoke-1',
  image: 'registry.example/smoke:1',
  command: ['/smoke', '--all'],
  timeoutSeconds: 300,
};

let key: ServerKey;
let api: LocalServer;
let prometheus: LocalServer;
let hub: Hub;

beforeAll(async () => {
  key = await makeKey();
});

beforeEach(async () => {
  api = await startServer(() => undefined, key);
  prometheus = await startServer(() => undefined);
  hub = await openHub(api);
});

afterEach(async () => {
  await hub.close();
  await api.close();
  await prometheus.close();
});

describe('a condition', () => {
  const conditions = [
    { type: 'Progressing', status: 'False' },
    { type: 'Available', status: 'True', message: 'has minimum availability' },
  ];

  it.each<[object, string, string]>([
    [{}, 'yes', 'Available of deployments shop/web is True: has minimum availability'],
    [
      { status: 'False' },
      'no',
      'Available of deployments shop/web is True: has minimum availability',
    ],
    [{ type: 'Other' }, 'no', 'Other of deployments shop/web is Unknown'],
    [{ type: 'Other', status: 'Unknown' }, 'yes', 'Other of deployments shop/web is Unknown'],
  ])('that is asked for with %j: %s', async (changes, kind, message) => {
    api.answer = json(200, { status: { conditions } });
    expect(await hub.check({ ...ready, ...changes }, never)).toEqual({
      kind,
      message,
    });
  });

  it.each<[object, string]>([
    [{}, '/apis/apps/v1/namespaces/shop/deployments/web'],
    [{ apiVersion: 'v1', resource: 'pods' }, '/api/v1/namespaces/shop/pods/web'],
    [{ apiVersion: 'v1', resource: 'nodes', namespace: undefined }, '/api/v1/nodes/web'],
  ])('of %j is read at %s', async (changes, path) => {
    api.answer = json(200, {});
    expect((await hub.check({ ...ready, ...changes }, never)).kind).toBe('no');
    expect(api.seen[0]?.url.pathname).toBe(path);
  });

  it.each([
    // It may be made yet.
    [404, true],
    [403, false],
    [500, true],
  ])('that a %i hides is not known', async (status, transient) => {
    api.answer = json(status, makeStatus(status, 'no'));
    const error = await linkErrorOf(hub.check(ready, never));
    expect([error.link, error.transient]).toEqual(['check', transient]);
    expect(error.message).toContain('get deployments shop/web');
  });
});

describe('a query', () => {
  const alerts = (url = prometheus.url): PlannedCheck => ({
    kind: 'prometheus',
    url,
    query: 'ALERTS{alertstate="firing"} > 0',
  });
  const vector = (result: readonly object[]) => ({
    status: 'success',
    data: { resultType: 'vector', result },
  });

  it('is quiet when it finds nothing', async () => {
    prometheus.answer = json(200, vector([]));
    expect(await hub.check(alerts(`${prometheus.url}/base/`), never)).toEqual({
      kind: 'no',
      message: 'the query finds nothing',
    });
    const [seen] = prometheus.seen;
    expect(seen?.url.pathname).toBe('/base/api/v1/query');
    expect(seen?.url.searchParams.get('query')).toBe('ALERTS{alertstate="firing"} > 0');
  });

  it('tells what it finds', async () => {
    const metric = { __name__: 'ALERTS', alertname: 'Down' };
    prometheus.answer = json(200, vector([{ metric, value: [1, '1'] }, { metric: {} }]));
    expect(await hub.check(alerts(), never)).toEqual({
      kind: 'yes',
      message: 'the query finds 2 series, first {__name__="ALERTS", alertname="Down"}',
    });
  });

  it.each<[string, number, unknown, RegExp]>([
    ['an error', 400, { status: 'error', error: 'parse error: x' }, /: 400 parse error: x$/],
    ['a page', 200, '<html>', /: 200 "<html>"$/],
    ['a redirect', 302, '', /: 302 /],
    [
      'a number',
      200,
      { status: 'success', data: { resultType: 'scalar', result: [1, '0'] } },
      /Expected: vector/,
    ],
    ['no data', 200, { status: 'success' }, /type undefined/],
  ])('that is answered by %s is not known, and asked again', async (_what, status, body, text) => {
    prometheus.answer = json(status, body);
    const error = await linkErrorOf(hub.check(alerts(), never));
    expect([error.link, error.transient]).toEqual(['check', true]);
    expect(error.message).toMatch(text);
  });

  it('that is not answered is not known, and tells no password', async () => {
    prometheus.answer = (_request, response) => {
      response.socket?.destroy();
    };
    const { host } = new URL(prometheus.url);
    const error = await linkErrorOf(hub.check(alerts(`http://me:hunter2@${host}`), never));
    expect([error.link, error.transient]).toEqual(['check', true]);
    expect(error.message).toContain(`query Prometheus at ${host}: no answer: `);
    expect(error.message).not.toContain('hunter2');
  });

  it('leaves when the signal aborts', async () => {
    const stop = new AbortController();
    const reason = new Error('SIGTERM');
    prometheus.answer = () => {
      stop.abort(reason);
    };
    await expect(hub.check(alerts(), stop.signal)).rejects.toBe(reason);
  });

  it.each(Object.entries(plantedSecrets))('shows no %s of an answer', async (_what, { text }) => {
    prometheus.answer = json(500, { status: 'error', error: text });
    await linkErrorOf(hub.check(alerts(), never));
  });
});

describe('a job', () => {
  const path = '/apis/batch/v1/namespaces/sts/jobs';
  const state = (conditions: readonly object[] | null) =>
    json(200, { metadata: { uid: 'j' }, status: { conditions } });

  it('is made where it is not there, with no right to anything', async () => {
    api.answer = (request, response) => {
      const answer = request.method === 'GET' ? json(404, makeStatus(404, 'x')) : json(201, {});
      answer(request, response);
    };
    expect(await hub.gateJob(job, never)).toEqual({ kind: 'running' });
    expect(api.seen.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
      `GET ${path}/smoke-1`,
      `POST ${path}`,
    ]);
    expect(JSON.parse(api.seen[1]?.body ?? '')).toMatchObject({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { namespace: 'sts', name: 'smoke-1' },
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: 300,
        ttlSecondsAfterFinished: 86_400,
        template: {
          metadata: {
            labels: {
              'app.kubernetes.io/name': 'rollcall',
              'app.kubernetes.io/instance': 'after-key',
              'app.kubernetes.io/component': 'gate',
            },
          },
          spec: {
            restartPolicy: 'Never',
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                image: 'registry.example/smoke:1',
                command: ['/smoke', '--all'],
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ['ALL'] },
                  readOnlyRootFilesystem: true,
                },
              },
            ],
          },
        },
      },
    });
  });

  it('is one, whoever else makes it', async () => {
    api.answer = (request, response) => {
      const status = request.method === 'GET' ? 404 : 409;
      json(status, makeStatus(status, 'x'))(request, response);
    };
    expect(await hub.gateJob(job, never)).toEqual({ kind: 'running' });
  });

  it.each<[readonly object[] | null, object]>([
    [null, { kind: 'running' }],
    [[{ type: 'Complete', status: 'False' }], { kind: 'running' }],
    [[{ type: 'SuccessCriteriaMet', status: 'True' }], { kind: 'running' }],
    [[{ type: 'Complete', status: 'True' }], { kind: 'succeeded' }],
    [
      [{ type: 'Failed', status: 'True', reason: 'DeadlineExceeded', message: 'too long' }],
      { kind: 'failed', message: 'DeadlineExceeded: too long' },
    ],
  ])('with %j is told as %j, and not made again', async (conditions, told) => {
    api.answer = state(conditions);
    expect(await hub.gateJob(job, never)).toEqual(told);
    expect(api.seen).toHaveLength(1);
  });

  it('that may not be made is an error of the check', async () => {
    api.answer = (request, response) => {
      const status = request.method === 'GET' ? 404 : 403;
      json(status, makeStatus(status, 'exceeded quota'))(request, response);
    };
    const error = await linkErrorOf(hub.gateJob(job, never));
    expect([error.link, error.transient]).toEqual(['check', false]);
    expect(error.message).toContain('create job sts/smoke-1: 403 exceeded quota');
  });
});

describe('a folder in place of the hub', () => {
  it('asks Prometheus, and refuses what only the hub can answer', async () => {
    const folder = createFileHub({ folder: 'unused', place: { lease: 'x' }, version: '0.0.0' });
    prometheus.answer = json(200, {
      status: 'success',
      data: { resultType: 'vector', result: [] },
    });
    const quiet = await folder.check(
      { kind: 'prometheus', url: prometheus.url, query: 'up' },
      never,
    );
    expect(quiet.kind).toBe('no');
    for (const call of [() => folder.check(ready, never), () => folder.gateJob(job, never)]) {
      const error = await linkErrorOf(call());
      expect([error.link, error.transient]).toEqual(['check', false]);
      expect(error.message).toContain('needs the hub');
    }
    await folder.close();
  });
});
