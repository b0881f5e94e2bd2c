import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeClient } from '../../../../jobs/restart/kube/client.ts';
import { createReviews } from '../../../../jobs/restart/kube/reviews.ts';
import type { Right } from '../../../../jobs/restart/ports.ts';
import { clientOf } from '../support/api-client.ts';
import { linkErrorOf } from '../support/aws-answers.ts';
import {
  json,
  makeKey,
  startServer,
  type LocalServer,
  type ServerKey,
} from '../support/local-server.ts';

const never = new AbortController().signal;
const right: Right = { verb: 'list', group: '', resource: 'pods', namespace: 'sts' };

let key: ServerKey;
let api: LocalServer;
let client: KubeClient;

beforeAll(async () => {
  key = await makeKey();
});

beforeEach(async () => {
  api = await startServer(json(201, {}), key);
  client = clientOf(api);
});

afterEach(async () => {
  await client.close();
  await api.close();
});

const sent = (): unknown => JSON.parse(api.seen.at(-1)?.body ?? '');

describe('a review of rules', () => {
  it('gives them all, with what a rule leaves out', async () => {
    const named = {
      verbs: ['get', 'patch'],
      apiGroups: ['apps'],
      resources: ['deployments'],
      resourceNames: ['a'],
    };
    const resourceRules = [named, { verbs: ['*'] }];
    api.answer = json(201, { status: { resourceRules, nonResourceRules: [], incomplete: true } });
    expect(await createReviews(client).rules('sts', never)).toEqual({
      incomplete: true,
      rules: [named, { verbs: ['*'], apiGroups: [], resources: [], resourceNames: [] }],
    });
    expect(api.seen[0]?.url.pathname).toBe('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews');
    expect(sent()).toMatchObject({
      kind: 'SelfSubjectRulesReview',
      spec: { namespace: 'sts' },
    });
  });
});

describe('a review of a right', () => {
  it.each<[Right, object]>([
    [right, { namespace: 'sts', verb: 'list', group: '', resource: 'pods' }],
    [
      { ...right, verb: 'create', resource: 'pods/eviction', name: 'a-0' },
      {
        namespace: 'sts',
        verb: 'create',
        group: '',
        resource: 'pods',
        subresource: 'eviction',
        name: 'a-0',
      },
    ],
  ])('asks for %j', async (asked, resourceAttributes) => {
    api.answer = json(201, { status: { allowed: true } });
    expect(await createReviews(client).allowed(asked, never)).toBe(true);
    expect(sent()).toEqual({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    });
  });

  it('is denied unless it is said to be allowed', async () => {
    api.answer = json(201, { status: { allowed: false, denied: false } });
    expect(await createReviews(client).allowed(right, never)).toBe(false);
  });
});

it.each([{}, { status: null }, []])('takes %j for no answer', async (body) => {
  api.answer = json(201, body);
  const reviews = createReviews(client);
  for (const call of [() => reviews.rules('sts', never), () => reviews.allowed(right, never)]) {
    expect((await linkErrorOf(call())).message).toContain('it is no review');
  }
});
