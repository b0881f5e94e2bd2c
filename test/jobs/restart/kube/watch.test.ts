import type { ServerResponse } from 'node:http';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeClient } from '../../../../jobs/restart/kube/client.ts';
import { createWorkloads } from '../../../../jobs/restart/kube/workloads.ts';
import { WatchExpired, type Link } from '../../../../jobs/restart/link-error.ts';
import type { WatchEvent } from '../../../../jobs/restart/ports.ts';
import { clientOf } from '../support/api-client.ts';
import { linkErrorOf } from '../support/aws-answers.ts';
import { makeDeployment, makeStatus } from '../support/deployments.ts';
import {
  json,
  makeKey,
  startServer,
  type LocalServer,
  type ServerKey,
} from '../support/local-server.ts';
import { plantedSecrets } from '../support/secrets.ts';

const inSts = { kind: 'Deployment', namespace: 'sts' } as const;

let key: ServerKey;
let api: LocalServer;
let client: KubeClient;
let stop: AbortController;

beforeAll(async () => {
  key = await makeKey();
});

beforeEach(async () => {
  api = await startServer(() => undefined, key);
  client = clientOf(api);
  stop = new AbortController();
});

afterEach(async () => {
  await client.close();
  await api.close();
});

const event = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;
const changed = (name: string, resourceVersion = '8') =>
  event('MODIFIED', makeDeployment(name, { resourceVersion }));

/** The server streams these, one write each, and then ends, breaks or stays silent. */
const stream = (chunks: readonly (string | Uint8Array)[], then: 'end' | 'break' | 'silence') => {
  const write = async (response: ServerResponse): Promise<void> => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    for (const chunk of chunks) {
      await new Promise((resolve) => response.write(chunk, resolve));
      await new Promise(setImmediate);
    }
    if (then === 'end') response.end();
    if (then === 'break') response.socket?.destroy();
  };
  api.answer = (_request, response) => {
    void write(response);
  };
};

/** All events of one watch. */
async function collect(
  options: { idleMs?: number; timeoutSeconds?: number } = {},
  onEvent: (event: WatchEvent) => void = () => undefined,
): Promise<WatchEvent[]> {
  const all: WatchEvent[] = [];
  const workloads = createWorkloads(client, options);
  for await (const one of workloads.watch({ ...inSts, name: 'a' }, '7', stop.signal)) {
    all.push(one);
    onEvent(one);
  }
  return all;
}

const summary = (events: readonly WatchEvent[]) =>
  events.map((one) =>
    one.type === 'bookmark'
      ? `bookmark ${one.resourceVersion}`
      : `${one.type} ${one.object.name} ${one.object.resourceVersion}`,
  );

describe('watch', () => {
  it('asks from a version, with bookmarks, a selector and an end', async () => {
    stream([], 'end');
    expect(await collect({ timeoutSeconds: 17 })).toEqual([]);
    const [seen] = api.seen;
    expect(seen?.url.pathname).toBe('/apis/apps/v1/namespaces/sts/deployments');
    expect(Object.fromEntries(seen?.url.searchParams ?? [])).toEqual({
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: '7',
      timeoutSeconds: '17',
      fieldSelector: 'metadata.name=a',
    });
    expect(seen?.headers).toMatchObject({
      authorization: 'Bearer token-1',
      'user-agent': 'rollcall/0.0.0',
    });
  });

  it('gives what the server sends, in order', async () => {
    const bookmark = event('BOOKMARK', { kind: 'Deployment', metadata: { resourceVersion: '30' } });
    const added = event('ADDED', makeDeployment('a', { resourceVersion: '8' }));
    const deleted = event('DELETED', makeDeployment('a', { resourceVersion: '31' }));
    stream([added + changed('b', '9'), bookmark, `\n${deleted}`], 'end');
    expect(summary(await collect())).toEqual([
      'changed a 8',
      'changed b 9',
      'bookmark 30',
      'deleted a 31',
    ]);
  });

  it('puts together lines and characters that are split anywhere', async () => {
    const object = makeDeployment('a', { stamp: '2026 – ü 😀 ✓' });
    const bytes = Buffer.from(event('ADDED', object));
    stream(
      Array.from({ length: Math.ceil(bytes.length / 3) }, (_, at) =>
        bytes.subarray(at * 3, at * 3 + 3),
      ),
      'end',
    );
    const [one] = await collect();
    expect(one).toMatchObject({ type: 'changed', object: { stamp: '2026 – ü 😀 ✓' } });
  });

  it('ends quietly when nothing comes for a while', async () => {
    stream([changed('a')], 'silence');
    expect(summary(await collect({ idleMs: 50 }))).toEqual(['changed a 8']);
  });

  it('ends quietly when the signal aborts, before and during', async () => {
    stream([changed('a')], 'silence');
    const abort = () => {
      stop.abort(new Error('SIGTERM'));
    };
    expect(summary(await collect({}, abort))).toEqual(['changed a 8']);
    expect(await collect()).toEqual([]);
    expect(api.seen).toHaveLength(1);
  });

  it('lets go of the connection when its reader leaves', async () => {
    let closed: Promise<unknown> | undefined;
    api.answer = (_request, response) => {
      closed = new Promise((resolve) => response.on('close', resolve));
      response.writeHead(200).write(changed('a'));
    };
    for await (const one of createWorkloads(client).watch(inSts, '7', stop.signal)) {
      expect(one.type).toBe('changed');
      break;
    }
    await closed;
  });

  it.each<[string, () => void]>([
    [
      'an ERROR event',
      () => {
        stream([event('ERROR', makeStatus(410, 'too old resource version', 'Expired'))], 'silence');
      },
    ],
    [
      'an answer',
      () => {
        api.answer = json(410, makeStatus(410, 'too old resource version', 'Expired'));
      },
    ],
  ])('says that the version is gone, by %s', async (_what, prepare) => {
    prepare();
    await expect(collect()).rejects.toBeInstanceOf(WatchExpired);
  });

  it.each<[string, () => void, Link, boolean, RegExp]>([
    [
      'an ERROR event of 500',
      () => {
        stream([changed('a'), event('ERROR', makeStatus(500, 'etcd'))], 'silence');
      },
      'network',
      true,
      /500 etcd/,
    ],
    [
      'an ERROR event of 403',
      () => {
        stream([event('ERROR', makeStatus(403, 'no'))], 'silence');
      },
      'rbac',
      false,
      /403 no/,
    ],
    [
      'bad JSON',
      () => {
        stream(['{"type":\n'], 'silence');
      },
      'network',
      true,
      /a line that is no event/,
    ],
    [
      'a line that is no object',
      () => {
        stream(['17\n'], 'silence');
      },
      'network',
      true,
      /a line that is no event/,
    ],
    [
      'an event of another type',
      () => {
        stream([event('SURPRISE', {})], 'silence');
      },
      'network',
      true,
      /unknown type "SURPRISE"/,
    ],
    [
      'a bookmark of nothing',
      () => {
        stream([event('BOOKMARK', {})], 'silence');
      },
      'network',
      true,
      /bookmark without/,
    ],
    [
      'half a line',
      () => {
        stream([changed('a').slice(0, 40)], 'end');
      },
      'network',
      true,
      /in the middle of a line/,
    ],
    [
      'a broken connection',
      () => {
        stream([changed('a')], 'break');
      },
      'network',
      true,
      /^watch deployment sts\/a: no answer: /,
    ],
    [
      'a 401',
      () => {
        api.answer = json(401, makeStatus(401, 'Unauthorized'));
      },
      'mapping',
      false,
      /401 Unauthorized/,
    ],
    [
      'a 429',
      () => {
        api.answer = json(429, makeStatus(429, 'too many'), { 'retry-after': '5' });
      },
      'network',
      true,
      /429 too many/,
    ],
  ])('does not swallow %s', async (_what, prepare, link, transient, text) => {
    prepare();
    const error = await linkErrorOf(collect());
    expect([error.link, error.transient]).toEqual([link, transient]);
    expect(error.message).toMatch(text);
    expect(error.retryAfterMs).toBe(text.source.startsWith('429') ? 5000 : undefined);
  });

  it.each(Object.entries(plantedSecrets))('shows no %s of a bad line', async (_what, { text }) => {
    stream([`${text}\n`], 'end');
    await linkErrorOf(collect());
  });
});
