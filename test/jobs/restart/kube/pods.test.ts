import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeClient } from '../../../../jobs/restart/kube/client.ts';
import { createPods } from '../../../../jobs/restart/kube/pods.ts';
import type { Pod } from '../../../../jobs/restart/kube/pod-facts.ts';
import type { Observed, ObservedRollout } from '../../../../jobs/restart/observed.ts';
import type { Pods } from '../../../../jobs/restart/ports.ts';
import { clientOf } from '../support/api-client.ts';
import { linkErrorOf } from '../support/aws-answers.ts';
import { makeObserved, makeStatus } from '../support/deployments.ts';
import {
  json,
  makeKey,
  startServer,
  type Answer,
  type LocalServer,
  type ServerKey,
} from '../support/local-server.ts';
import { after, daemonSet, makePod, stampedAt, statefulSet } from '../support/pods.ts';

const never = new AbortController().signal;
/** As the ReplicaSets of `a` own its pods. */
const ofReplicaSet = (pod: Pod, owner = 'a-7c9f', kind = 'ReplicaSet'): Pod => ({
  ...pod,
  metadata: {
    ...pod.metadata,
    ownerReferences: [{ kind, name: owner, uid: `uid-of-${owner}`, controller: true }],
  },
});
const stamp = { instant: stampedAt, restart: 'after-key', resourceVersion: '7' };

const rollout: ObservedRollout = {
  ...statefulSet,
  kind: 'Rollout',
  paused: false,
  status: { phase: 'Progressing', message: '', availableReplicas: 0 },
};

let key: ServerKey;
let api: LocalServer;
let client: KubeClient;
let pods: Pods;

beforeAll(async () => {
  key = await makeKey();
});

beforeEach(async () => {
  api = await startServer(() => undefined, key);
  client = clientOf(api);
  pods = createPods(client, () => Date.parse('2026-01-05T02:15:30.123Z'));
});

afterEach(async () => {
  await client.close();
  await api.close();
});

/** Answers by `METHOD resource[/subresource]`. */
const answering = (answers: Readonly<Record<string, Answer>>): void => {
  api.answer = (request, response) => {
    const [, resource = '', , subresource] =
      /^\/api\/v1\/namespaces\/sts\/([^/]+)(?:\/([^/]+))?(?:\/(.+))?$/.exec(request.url.pathname) ??
      [];
    const asked = `${request.method} ${subresource ?? resource}`;
    (answers[asked] ?? json(500, makeStatus(500, `unexpected ${asked}`)))(request, response);
  };
};
const asked = (): readonly string[] =>
  api.seen.map(({ method, url }) => `${method} ${url.pathname.replace('/api/v1/namespaces', '')}`);

describe('diagnose', () => {
  it('asks for the events of the worst pod alone', async () => {
    const items = [
      makePod('a-0'),
      makePod('a-2', { made: after, ready: false }),
      makePod('a-1', { made: after, ready: false }),
    ].map((pod) => ofReplicaSet(pod));
    answering({
      'GET pods': json(200, { items }),
      'GET events': json(200, { items: [{ type: 'Warning', reason: 'Why', message: 'because' }] }),
    });
    const { summary } = await pods.diagnose(makeObserved('a'), stampedAt, never);
    expect(summary).toMatch(/^NotReady: .*\(pods a-1, a-2\)\. Events: Why: because$/);
    expect(asked()).toEqual(['GET /sts/pods', 'GET /sts/events']);
    expect(api.seen[0]?.url.searchParams.get('labelSelector')).toBe('app=a');
    expect(api.seen[1]?.url.searchParams.get('fieldSelector')).toBe(
      'involvedObject.kind=Pod,involvedObject.name=a-1,involvedObject.uid=uid-of-a-1',
    );
  });

  const crashed = makePod('nightly-29', {
    made: after,
    ready: false,
    container: { restartCount: 9, state: { waiting: { reason: 'CrashLoopBackOff' } } },
  });
  const deployment = makeObserved('a');
  it.each<[string, Observed, Pod, boolean]>([
    ['a CronJob’s Job', deployment, ofReplicaSet(crashed, 'a-29920564', 'Job'), false],
    ['another Deployment', deployment, ofReplicaSet(crashed, 'a-worker-7c9f'), false],
    ['a StatefulSet', deployment, ofReplicaSet(crashed, 'a-db', 'StatefulSet'), false],
    ['nobody', deployment, { ...crashed, metadata: { name: 'x' } }, false],
    ['its ReplicaSet', deployment, ofReplicaSet(crashed), true],
    ['a ReplicaSet', statefulSet, ofReplicaSet(crashed), false],
    ['a DaemonSet of that name', daemonSet, ofReplicaSet(crashed, 'a', 'DaemonSet'), false],
    ['the StatefulSet itself', statefulSet, crashed, true],
    ['the DaemonSet itself', daemonSet, crashed, true],
    ['the Rollout itself', rollout, crashed, true],
    ['its ReplicaSet', rollout, ofReplicaSet(crashed), true],
    ['a Job', rollout, ofReplicaSet(crashed, 'a-29920564', 'Job'), false],
  ])('of a crash loop of %s, case %#', async (_whose, workload, pod, blamed) => {
    answering({ 'GET pods': json(200, { items: [pod] }), 'GET events': json(200, { items: [] }) });
    expect((await pods.diagnose(workload, stampedAt, never)).hopeless).toBe(blamed);
    expect(asked()).toHaveLength(blamed ? 2 : 1);
  });

  it('asks for no events where all is well, and for nothing without a selector', async () => {
    answering({ 'GET pods': json(200, { items: [ofReplicaSet(makePod('a-0'))] }) });
    const nothing = { summary: '', hopeless: false };
    expect(await pods.diagnose(makeObserved('a'), stampedAt, never)).toEqual(nothing);
    const blind = { ...makeObserved('a'), podSelector: '' };
    expect(await pods.diagnose(blind, stampedAt, never)).toEqual(nothing);
    expect(asked()).toEqual(['GET /sts/pods']);
  });

  it('does not take something else for no pods', async () => {
    answering({ 'GET pods': json(200, { kind: 'PodList' }) });
    const error = await linkErrorOf(pods.diagnose(makeObserved('a'), stampedAt, never));
    expect(error.message).toContain('it is no list');
  });
});

describe('evictOne', () => {
  const old = ['a-0', 'a-1', 'a-2'].map((name) => makePod(name, { revision: 'old' }));
  const withPods = (eviction: Answer): void => {
    answering({ 'GET pods': json(200, { items: old }), 'POST eviction': eviction });
  };

  it('evicts that very pod', async () => {
    withPods(json(201, makeStatus(201, '')));
    expect(await pods.evictOne(statefulSet, never)).toEqual({ kind: 'evicted', pod: 'a-2' });
    expect(asked()).toEqual(['GET /sts/pods', 'POST /sts/pods/a-2/eviction']);
    expect(JSON.parse(api.seen[1]?.body ?? '')).toEqual({
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { namespace: 'sts', name: 'a-2' },
      deleteOptions: { preconditions: { uid: 'uid-of-a-2' } },
    });
  });

  it.each([429, 404, 409])('is blocked by a %i', async (status) => {
    withPods(json(status, makeStatus(status, "it would violate the pod's disruption budget.")));
    expect(await pods.evictOne(statefulSet, never)).toEqual({
      kind: 'blocked',
      message: "pod a-2: it would violate the pod's disruption budget.",
    });
  });

  it('says who is refused', async () => {
    const message = 'User "sts" cannot create resource "pods/eviction" in API group ""';
    withPods(json(403, makeStatus(403, message)));
    const error = await linkErrorOf(pods.evictOne(statefulSet, never));
    expect([error.link, error.message]).toEqual([
      'rbac',
      expect.stringContaining('evict pod sts/a-2: 403'),
    ]);
  });

  it('looks at every page before it says that none is left', async () => {
    const fresh = (name: string) => makePod(name, { made: after, stamp: stampedAt });
    answering({
      'GET pods': (request, response) => {
        const first = !request.url.searchParams.has('continue');
        const items = first ? [fresh('x'), fresh('y')] : [makePod('z')];
        json(200, { items, metadata: first ? { continue: 'next' } : {} })(request, response);
      },
      'POST eviction': json(201, {}),
    });
    expect(await pods.evictOne(daemonSet, never)).toEqual({ kind: 'evicted', pod: 'z' });
  });

  it('touches nothing that is of the new revision', async () => {
    const items = old.map(({ metadata }) => makePod(metadata?.name ?? '', { revision: 'new' }));
    answering({ 'GET pods': json(200, { items }) });
    expect(await pods.evictOne(statefulSet, never)).toEqual({ kind: 'none' });
    expect(asked()).toEqual(['GET /sts/pods']);
  });
});

describe('announce', () => {
  it('writes one Event for a run, on the workload', async () => {
    answering({ 'POST events': json(201, {}) });
    await pods.announce(makeObserved('a'), stamp, never);
    expect(JSON.parse(api.seen[0]?.body ?? '')).toEqual({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { namespace: 'sts', name: 'a.rollcall-deployment-1767579300' },
      involvedObject: {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        namespace: 'sts',
        name: 'a',
        uid: 'uid-of-a',
        resourceVersion: '7',
      },
      reason: 'Restarted',
      type: 'Normal',
      message: 'Restarted by run 2026-01-05T02:15:00Z of after-key',
      source: { component: 'rollcall' },
      reportingComponent: 'rollcall',
      firstTimestamp: '2026-01-05T02:15:30Z',
      lastTimestamp: '2026-01-05T02:15:30Z',
      count: 1,
    });
  });

  it('is done where the Event is there already', async () => {
    answering({ 'POST events': json(409, makeStatus(409, 'already exists')) });
    await expect(pods.announce(makeObserved('a'), stamp, never)).resolves.toBeUndefined();
  });

  it('keeps within the length of a name', async () => {
    answering({ 'POST events': json(201, {}) });
    await pods.announce(makeObserved('a'.repeat(253)), stamp, never);
    const { metadata } = JSON.parse(api.seen[0]?.body ?? '') as { metadata: { name: string } };
    expect(metadata.name).toMatch(/^a+\.rollcall-deployment-1767579300$/);
    expect(metadata.name).toHaveLength(253);
  });
});
