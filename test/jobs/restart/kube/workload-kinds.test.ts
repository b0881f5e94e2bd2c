import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WorkloadKind } from '../../../../src/plan/restart-plan.ts';
import type { KubeClient } from '../../../../jobs/restart/kube/client.ts';
import { createWorkloads } from '../../../../jobs/restart/kube/workloads.ts';
import type { WatchEvent, Workloads } from '../../../../jobs/restart/ports.ts';
import { clientOf } from '../support/api-client.ts';
import { linkErrorOf } from '../support/aws-answers.ts';
import { makeDeployment, makeStatus } from '../support/deployments.ts';
import { json, makeKey, startServer, type LocalServer } from '../support/local-server.ts';

const never = new AbortController().signal;
const stamp = { instant: '2026-01-05T02:15:00Z', restart: 'after-key', resourceVersion: '7' };
const object = { metadata: { namespace: 'sts', name: 'a', uid: 'u', resourceVersion: '8' } };

let api: LocalServer;
let client: KubeClient;
let workloads: Workloads;

beforeAll(async () => {
  api = await startServer(() => undefined, await makeKey());
});

beforeEach(() => {
  client = clientOf(api);
  workloads = createWorkloads(client);
});

afterEach(() => client.close());
afterAll(() => api.close());

describe.each<[WorkloadKind, string, object]>([
  ['Deployment', '/apis/apps/v1/namespaces/sts/deployments', { template: {} }],
  ['StatefulSet', '/apis/apps/v1/namespaces/sts/statefulsets', { template: {} }],
  ['DaemonSet', '/apis/apps/v1/namespaces/sts/daemonsets', { template: {} }],
  ['Rollout', '/apis/argoproj.io/v1alpha1/namespaces/sts/rollouts', { restartAt: stamp.instant }],
])('a %s', (kind, path, spec) => {
  const id = { kind, namespace: 'sts', name: 'a' };

  it('is listed, got and patched where it stands', async () => {
    const from = api.seen.length;
    api.answer = json(200, { metadata: { resourceVersion: '9' }, items: [object] });
    const { items } = await workloads.list({ kind, namespace: 'sts' }, never);
    expect(items.map((item) => item.kind)).toEqual([kind]);
    api.answer = json(200, object);
    expect((await workloads.get(id, never))?.kind).toBe(kind);
    expect(await workloads.patch(id, stamp, never)).toMatchObject({
      kind: 'patched',
      object: { kind },
    });
    const seen = api.seen.slice(from);
    expect(seen.map(({ url }) => url.pathname)).toEqual([path, `${path}/a`, `${path}/a`]);
    const body = JSON.parse(seen[2]?.body ?? '') as { spec: object };
    expect(Object.keys(body.spec)).toEqual(Object.keys(spec));
  });

  it('is watched there', async () => {
    api.answer = (request, response) => {
      expect(request.url.pathname).toBe(path);
      response.writeHead(200).end(`${JSON.stringify({ type: 'ADDED', object })}\n`);
    };
    const events: WatchEvent[] = [];
    for await (const event of workloads.watch({ kind, namespace: 'sts' }, '7', never)) {
      events.push(event);
    }
    expect(events).toMatchObject([{ type: 'changed', object: { kind, name: 'a' } }]);
  });
});

describe('a kind that the cluster does not have', () => {
  const notServed =
    (text: string) => (_request: unknown, response: { end(text: string): void }) => {
      Object.assign(response, { statusCode: 404 });
      response.end(text);
    };

  it.each([
    '404 page not found\n',
    JSON.stringify(makeStatus(404, 'the server could not find the requested resource')),
  ])('is an empty list of Rollouts, said as %j, and nothing to watch', async (text) => {
    api.answer = notServed(text);
    const query = { kind: 'Rollout', namespace: 'sts' } as const;
    const list = await workloads.list(query, never);
    expect(list).toEqual({ items: [], resourceVersion: '0' });
    const from = api.seen.length;
    const stop = new AbortController();
    const watch = workloads.watch(query, list.resourceVersion, stop.signal)[Symbol.asyncIterator]();
    const next = watch.next();
    // Asked later and answered: the watch would have been too.
    expect(await workloads.get({ ...query, name: 'a' }, never)).toBeUndefined();
    expect(await Promise.race([next, Promise.resolve('held')])).toBe('held');
    stop.abort();
    expect((await next).done).toBe(true);
    expect(api.seen).toHaveLength(from + 1);
  });

  it.each<[WorkloadKind, string]>([
    ['Deployment', '404 page not found'],
    ['Rollout', '<html>404 page not found</html>'],
    ['Rollout', JSON.stringify(makeStatus(404, 'namespaces "sts" not found'))],
  ])('is no empty list of a %s for %s', async (kind, text) => {
    api.answer = notServed(text);
    const error = await linkErrorOf(workloads.list({ kind, namespace: 'sts' }, never));
    expect([error.link, error.transient]).toEqual(['network', false]);
    expect(error.message).toContain(': 404 ');
  });
});

it('encodes what it puts into a path', async () => {
  api.answer = json(200, makeDeployment('a'));
  await workloads.get({ kind: 'DaemonSet', namespace: 'a b', name: 'c/d' }, never);
  expect(api.seen.at(-1)?.url.pathname).toBe('/apis/apps/v1/namespaces/a%20b/daemonsets/c%2Fd');
});
