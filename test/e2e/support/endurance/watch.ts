import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import type { RealCluster } from '../cluster/cluster.ts';
import type { Etcd } from '../cluster/etcd.ts';

/** One request of the job, as the API server's audit log has it. */
export interface AuditEntry {
  readonly verb: string;
  readonly requestURI: string;
  readonly responseStatus?: { readonly code?: number };
  readonly requestReceivedTimestamp: string;
  readonly stageTimestamp: string;
  readonly userAgent?: string;
}

/** What the job has asked of a cluster since it was started, oldest answer first. */
export const askedByJob = ({ server }: RealCluster): readonly AuditEntry[] =>
  readFileSync(server.auditLog, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"userAgent":"rollcall/'))
    // The API server may have been killed while it wrote one.
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as AuditEntry);

/** The longest time without an event in a watch of the path, until the signal aborts. Milliseconds. */
export async function longestSilence(
  { admin }: RealCluster,
  path: string,
  signal: AbortSignal,
): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const events = admin.watch(path, signal);
  for (let ended: boolean | undefined = false; !ended;) {
    ({ done: ended } = await events.next());
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }
  return longest;
}

/** What a watch begins with. */
export async function firstEvent({ admin }: RealCluster, path: string): Promise<unknown> {
  const enough = new AbortController();
  const first = await admin.watch(path, enough.signal).next();
  enough.abort();
  return first.value as unknown;
}

/** Drops the history of all keys: nobody can watch from an earlier version. */
export async function compact({ url }: Etcd): Promise<void> {
  const call = async (path: string, body: object): Promise<unknown> => {
    const answer = await request(`${url}/v3/kv/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${text}`);
    return JSON.parse(text);
  };
  const anyKey = Buffer.from('/').toString('base64');
  const { header } = (await call('range', { key: anyKey })) as {
    readonly header: { readonly revision: string };
  };
  await call('compaction', { revision: header.revision, physical: true });
}

/** Kills the API server, and starts it again after a time. */
export async function killFor({ server }: RealCluster, ms: number): Promise<void> {
  await server.kill();
  await sleep(ms);
  await server.start();
}

/** The API server does nothing for a time: connections stay, answers don't come. */
export async function freezeFor({ server }: RealCluster, ms: number): Promise<void> {
  server.signal('SIGSTOP');
  await sleep(ms);
  server.signal('SIGCONT');
}
