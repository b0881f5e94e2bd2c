import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createKubeClient, type KubeClient } from '../../../../jobs/restart/kube/client.ts';
import { createWorkloads } from '../../../../jobs/restart/kube/workloads.ts';
import type { Workloads } from '../../../../jobs/restart/ports.ts';
import { linkErrorOf } from '../support/aws-answers.ts';
import { makeList, makeStatus } from '../support/deployments.ts';
import { json, makeKey, startServer, type LocalServer } from '../support/local-server.ts';

const never = new AbortController().signal;
const inSts = { kind: 'Deployment', namespace: 'sts' } as const;
const stamp = { instant: '2026-01-05T02:15:00Z', restart: 'after-key', resourceVersion: '7' };

const allowed = json(200, makeList(['a']));
const byRbac = json(
  403,
  makeStatus(403, 'User "sts" cannot list resource "deployments" in API group "apps"'),
);
const byAdmission = json(403, makeStatus(403, 'admission webhook "x" denied the request'));

let api: LocalServer;
let client: KubeClient;
let workloads: Workloads;
let seconds = 0;

beforeAll(async () => {
  api = await startServer(allowed, await makeKey());
});

beforeEach(() => {
  seconds = 0;
  client = createKubeClient({
    url: api.url,
    certificateAuthority: api.certificate,
    token: () => Promise.resolve('token'),
    userAgent: 'rollcall/0.0.0',
    caller: 'arn:aws:iam::508208880112:role/r',
    compareOn401: "the cluster's aws-auth mapRoles with that role",
    now: () => seconds * 1000,
  });
  workloads = createWorkloads(client);
});

afterEach(() => client.close());

afterAll(() => api.close());

/** Whether the answer at that second is one that passes; the clock goes on from there. */
async function passesAt(second: number, call = () => workloads.list(inSts, never) as unknown) {
  seconds = second;
  const error = await linkErrorOf(Promise.resolve(call()));
  expect(error.link).toBe('rbac');
  return error.transient;
}

it('is believed at once from a server that has never let the job in', async () => {
  api.answer = byRbac;
  expect(await passesAt(0)).toBe(false);
});

it('is believed at once where nothing says that the server has gone away', async () => {
  api.answer = allowed;
  await workloads.list(inSts, never);
  api.answer = byRbac;
  expect(await passesAt(100)).toBe(false);
});

const watch = () => workloads.watch(inSts, '1', never)[Symbol.asyncIterator]().next();
const patch = () => workloads.patch({ ...inSts, name: 'a' }, stamp, never);

/** The server has let the job in, and fails at second 100 in some way. */
const goings: readonly [string, () => Promise<unknown>][] = [
  [
    'an answer of 503',
    () => {
      api.answer = json(503, makeStatus(503, 'starting'));
      return linkErrorOf(workloads.list(inSts, never));
    },
  ],
  [
    'a watch that the server ended',
    () => {
      api.answer = (_, response) => {
        response.writeHead(200).end();
      };
      return watch();
    },
  ],
];

it.each(goings)('passes for some seconds after %s: it may have just started', async (_, go) => {
  api.answer = allowed;
  await workloads.list(inSts, never);
  seconds = 100;
  await go();
  api.answer = byRbac;
  expect(await passesAt(101)).toBe(true);
  expect(await passesAt(110, watch)).toBe(true);
  expect(await passesAt(114, patch)).toBe(true);
  // However often it has refused in between, and whoever was let in.
  api.answer = allowed;
  await workloads.list(inSts, never);
  api.answer = byRbac;
  expect(await passesAt(116)).toBe(false);
  expect(await passesAt(117, patch)).toBe(false);
});

it('is believed at once from an admission plugin', async () => {
  api.answer = allowed;
  await workloads.list(inSts, never);
  seconds = 100;
  api.answer = json(503, makeStatus(503, 'starting'));
  await linkErrorOf(workloads.list(inSts, never));
  api.answer = byAdmission;
  expect(await passesAt(101)).toBe(false);
});
