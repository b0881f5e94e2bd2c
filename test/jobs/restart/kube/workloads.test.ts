import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeClient } from '../../../../jobs/restart/kube/client.ts';
import { createWorkloads } from '../../../../jobs/restart/kube/workloads.ts';
import type { Link } from '../../../../jobs/restart/link-error.ts';
import type { Stamp, Workloads } from '../../../../jobs/restart/ports.ts';
import { clientOf } from '../support/api-client.ts';
import { linkErrorOf } from '../support/aws-answers.ts';
import { makeDeployment, makeList, makeObserved, makeStatus } from '../support/deployments.ts';
import {
  json,
  makeKey,
  startServer,
  type LocalServer,
  type ServerKey,
} from '../support/local-server.ts';
import { plantedSecrets } from '../support/secrets.ts';

const inSts = { kind: 'Deployment', namespace: 'sts' } as const;
const a = { ...inSts, name: 'a' };
const never = new AbortController().signal;
const stamp: Stamp = {
  instant: '2026-01-05T02:15:00Z',
  restart: 'after-key',
  resourceVersion: '7',
};

let key: ServerKey;
let api: LocalServer;
let client: KubeClient;
let workloads: Workloads;

beforeAll(async () => {
  key = await makeKey();
});

beforeEach(async () => {
  api = await startServer(json(200, makeList(['a', 'b'])), key);
  client = clientOf(api);
  workloads = createWorkloads(client);
});

afterEach(async () => {
  await client.close();
  await api.close();
});

describe('the client', () => {
  it('keeps its connections, with a fresh token each request', async () => {
    const numbers = Array.from({ length: 8 }, (_, index) => index + 1);
    for (const number of numbers)
      await workloads.list({ kind: 'Deployment', namespace: `n${number}` }, never);
    // One may not be free again yet when the next request comes; there are never more than two.
    expect(api.seen.at(-1)?.connections).toBeLessThanOrEqual(2);
    expect(api.seen.map(({ headers }) => headers.authorization)).toEqual(
      numbers.map((number) => `Bearer token-${number}`),
    );
    expect(api.seen[0]?.headers['user-agent']).toBe('rollcall/0.0.0');
  });

  it('gives up on a server that does not answer', async () => {
    const impatient = clientOf(api, 50);
    api.answer = () => undefined;
    const error = await linkErrorOf(createWorkloads(impatient).get(a, never));
    expect([error.link, error.transient]).toEqual(['network', true]);
    expect(error.message).toMatch(/^get deployment sts\/a: no answer: UND_ERR_HEADERS_TIMEOUT/);
    await impatient.close();
  });

  it('follows no redirect, and sends no patch where it leads', async () => {
    const elsewhere = await startServer(json(200, makeList(['forged'])));
    api.answer = (request, response) => {
      response.writeHead(307, { location: `${elsewhere.url}${request.url.pathname}` }).end();
    };
    for (const call of [
      () => workloads.list(inSts, never),
      () => workloads.patch(a, stamp, never),
    ]) {
      const error = await linkErrorOf(call());
      expect([error.link, error.transient]).toEqual(['network', true]);
      expect(error.message).toMatch(/: no answer: the API server redirects elsewhere$/);
    }
    expect(elsewhere.seen).toEqual([]);
    await elsewhere.close();
  });

  it('takes a 401 of a server that has known it for one that passes', async () => {
    await workloads.list(inSts, never);
    api.answer = json(401, makeStatus(401, 'Unauthorized'));
    const error = await linkErrorOf(workloads.list(inSts, never));
    expect([error.link, error.transient]).toEqual(['mapping', true]);
  });

  it('throws the reason of a signal that aborts under way, and before', async () => {
    const stop = new AbortController();
    const reason = new Error('SIGTERM');
    api.answer = () => {
      stop.abort(reason);
    };
    await expect(workloads.get(a, stop.signal)).rejects.toBe(reason);
    await expect(workloads.get(a, stop.signal)).rejects.toBe(reason);
    expect(api.seen).toHaveLength(1);
  });
});

describe('list', () => {
  it('asks for a namespace, or for one name by a field selector that RBAC can authorise', async () => {
    const list = await workloads.list(inSts, never);
    await workloads.list({ ...inSts, name: 'a' }, never);
    expect(list).toEqual({
      resourceVersion: '100',
      items: ['a', 'b'].map((name) => ({
        ...makeObserved(name),
        managers: [{ manager: 'helm', operation: 'Update', time: '2026-01-01T00:00:00Z' }],
      })),
    });
    const [all, one] = api.seen.map(({ url }) => url);
    expect(all?.pathname).toBe('/apis/apps/v1/namespaces/sts/deployments');
    expect(all?.searchParams.has('fieldSelector')).toBe(false);
    expect(one?.searchParams.get('fieldSelector')).toBe('metadata.name=a');
  });

  it('takes every page', async () => {
    api.answer = (request, response) => {
      const first = !request.url.searchParams.has('continue');
      const page = makeList([first ? 'a' : 'b']);
      const metadata = { ...page.metadata, ...(first && { continue: 'next' }) };
      json(200, { ...page, metadata })(request, response);
    };
    const { items } = await workloads.list(inSts, never);
    expect(items.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(api.seen[1]?.url.searchParams.get('continue')).toBe('next');
  });

  it.each<[string, unknown]>([
    ['an object without items', { kind: 'DeploymentList', metadata: { resourceVersion: '1' } }],
    ['an object without a version', { kind: 'DeploymentList', metadata: {}, items: [] }],
    ['something else', { hello: 'world' }],
    ['an object that is no deployment', { ...makeList([]), items: [{ metadata: {} }] }],
  ])('does not take %s for an empty list', async (_what, body) => {
    api.answer = json(200, body);
    expect((await linkErrorOf(workloads.list(inSts, never))).link).toBe('network');
  });

  it('does not take a page of a proxy for an empty list', async () => {
    api.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>login</html>');
    };
    expect((await linkErrorOf(workloads.list(inSts, never))).link).toBe('network');
  });
});

describe('get', () => {
  it('gives the object, or nothing when there is none', async () => {
    api.answer = json(200, makeDeployment('a', { stamp: stamp.instant }));
    expect(await workloads.get(a, never)).toMatchObject({
      name: 'a',
      stamp: stamp.instant,
    });
    api.answer = json(404, makeStatus(404, 'deployments.apps "a" not found', 'NotFound'));
    expect(await workloads.get(a, never)).toBeUndefined();
  });
});

describe('patch', () => {
  it('sends one merge-patch with the precondition, as our own field manager', async () => {
    api.answer = json(200, makeDeployment('a', { generation: 4, resourceVersion: '8' }));
    const result = await workloads.patch(a, stamp, never);
    expect(result).toMatchObject({ kind: 'patched', object: { generation: 4 } });
    const [sent, ...more] = api.seen;
    expect(more).toEqual([]);
    expect([sent?.method, sent?.headers['content-type']]).toEqual([
      'PATCH',
      'application/merge-patch+json',
    ]);
    expect(sent?.url.searchParams.get('fieldManager')).toBe('rollcall');
    expect(JSON.parse(sent?.body ?? '')).toEqual({
      metadata: {
        resourceVersion: '7',
        annotations: { 'rollcall.dev/run': '2026-01-05T02:15:00Z/after-key' },
      },
      spec: {
        template: {
          metadata: {
            annotations: { 'kubectl.kubernetes.io/restartedAt': '2026-01-05T02:15:00Z' },
          },
        },
      },
    });
  });

  it.each([
    [409, { kind: 'conflict' }],
    [404, { kind: 'notFound' }],
  ])('takes %i for an answer', async (status, result) => {
    api.answer = json(status, makeStatus(status, 'the object has been modified'));
    expect(await workloads.patch(a, stamp, never)).toEqual(result);
  });

  it('is never repeated, though its answer was lost', async () => {
    api.answer = (_request, response) => {
      response.socket?.destroy();
    };
    const error = await linkErrorOf(workloads.patch(a, stamp, never));
    expect([error.link, error.transient]).toEqual(['network', true]);
    expect(api.seen).toHaveLength(1);
  });
});

describe('a refusal', () => {
  const forbidden =
    'deployments.apps "a" is forbidden: User "sts" cannot patch resource "deployments" in API group "apps" in the namespace "sts"';

  it.each<[number, string, Link, boolean, RegExp]>([
    [401, 'Unauthorized', 'mapping', false, /401.*Compare: .*aws-auth/],
    [403, forbidden, 'rbac', false, /cannot patch resource.*Compare: the Role/],
    [403, 'admission webhook "x" denied the request', 'rbac', false, /denied the request$/],
    [429, 'Too many requests', 'network', true, /429 Too many requests/],
    [500, 'etcd leader changed', 'network', true, /500 etcd/],
    [503, 'not ready', 'network', true, /503/],
    [422, 'spec is invalid', 'network', false, /422/],
    [415, 'unsupported', 'network', false, /415/],
  ])('%i %s is %s', async (status, message, link, transient, text) => {
    api.answer = json(status, makeStatus(status, message), { 'retry-after': '3' });
    const error = await linkErrorOf(workloads.patch(a, stamp, never));
    expect([error.link, error.transient]).toEqual([link, transient]);
    expect(error.message).toMatch(/^patch deployment sts\/a: /);
    expect(error.message).toMatch(text);
    if (link === 'network') expect(error.retryAfterMs).toBe(3000);
  });

  it('names who is not known', async () => {
    api.answer = json(401, makeStatus(401, 'Unauthorized'));
    const { message } = await linkErrorOf(workloads.list(inSts, never));
    expect(message).toContain('arn:aws:iam::508208880112:role/r');
  });

  it.each(Object.entries(plantedSecrets))('shows no %s of its text', async (_what, { text }) => {
    for (const answer of [json(403, makeStatus(403, text)), json(500, { other: text })]) {
      api.answer = answer;
      await linkErrorOf(workloads.get(a, never));
    }
  });
});
