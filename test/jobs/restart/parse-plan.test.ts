import { describe, expect, it } from '@jest/globals';
import { parsePlan } from '../../../jobs/restart/parse-plan.ts';
import { makePlan } from './support/plan.ts';

const plan = makePlan(['c0', 'c1'], ['a', 'b']);
const [first, second] = plan.targets;
const parse = (overrides: object) => parsePlan(JSON.stringify({ ...plan, ...overrides }));

const window = { timeZone: 'Europe/London', days: [0, 6], from: 1320, to: 0 };
const condition = {
  kind: 'condition',
  apiVersion: 'v1',
  resource: 'nodes',
  name: 'n',
  type: 'Ready',
  status: 'Unknown',
};
const prometheus = { kind: 'prometheus', url: 'https://prometheus.example.com', query: 'up' };
const fullStrategy = {
  preflight: 'all',
  waves: [
    { name: 'canary', soakSeconds: 600, gates: [{ kind: 'approval', timeoutSeconds: 1 }] },
    {
      name: 'rest',
      soakSeconds: 0,
      gates: [
        { kind: 'check', timeoutSeconds: 1, check: { ...condition, namespace: 'n' } },
        { kind: 'job', timeoutSeconds: 1, image: 'i', command: [] },
      ],
    },
  ],
  maxConcurrentRolloutsOverall: 9,
  failureBudget: { kind: 'count', count: 0 },
  clusterTimeoutSeconds: 1,
  runTimeoutSeconds: 1,
  windows: [window],
  minIntervalSeconds: 1,
  stormBreaker: { runs: 1, withinSeconds: 1 },
  blockers: [condition, prometheus],
  settleSeconds: 1,
  evictOnDelete: true,
};
const inOrder = {
  workloads: [
    { namespace: 'n', kind: 'Rollout', names: ['a'], after: [2, 1] },
    { namespace: 'n', kind: 'DaemonSet', names: [], selector: { a: '' }, after: [2] },
    { namespace: 'n', kind: 'StatefulSet', names: ['a'] },
  ],
};

describe('a plan', () => {
  it('is read as it was written, and known by its text', () => {
    const parsed = parse({});
    expect(parsed).toMatchObject({ kind: 'plan', plan });
    expect(parsed).not.toEqual(parse({ service: 'another' }));
  });

  it('may use all that there is', () => {
    const full = {
      ...plan,
      strategy: { ...plan.strategy, ...fullStrategy },
      targets: [
        { ...first, ...inOrder },
        { ...second, wave: 1, paused: true },
      ],
    };
    expect(parsePlan(JSON.stringify(full))).toMatchObject({ kind: 'plan', plan: full });
  });

  const role = { region: 'eu-west-1', roleArn: 'arn:aws:iam::111122223333:role/hub' };
  const direct = { kind: 'irsa-direct', region: 'eu-west-1', sessionSeconds: 43_200 };
  const agent = { kind: 'eks-pod-identity', ...role, targetRole: true };

  it.each([
    [{ kind: 'irsa', ...role, sourceIdentity: 'key-restarter' }],
    [direct],
    [agent],
    [{ ...agent, targetRole: false, sourceIdentity: 'a.b@c=d,e+f_-' }],
    [{ kind: 'kiam', ...role }],
    [{ kind: 'kube2iam', ...role, sourceIdentity: 'me' }],
  ])('may have the identity %j', (identity) => {
    expect(parse({ identity })).toMatchObject({ kind: 'plan', plan: { identity } });
  });

  const target = (more: object) => ({ targets: [{ ...first, ...more }] });
  const workloads = (more: object) =>
    target({ workloads: [{ namespace: 'n', kind: 'Deployment', names: ['a'], ...more }] });
  const strategy = (more: object) => ({ strategy: { ...plan.strategy, ...more } });
  const [wave] = plan.strategy.waves;

  it.each([
    ['no JSON', undefined, /not JSON/],
    ['another version', { version: 1 }, /version/],
    ['a key of a later version', { waves: [] }, /waves/],
    ['no target', { targets: [] }, /targets/],
    ['an identity of no kind', { identity: { kind: 'iam-user', ...role } }, /identity/],
    ['a role for direct tokens', { identity: { ...direct, roleArn: role.roleArn } }, /roleArn/],
    ['a session of a moment', { identity: { ...direct, sessionSeconds: 899 } }, /sessionSeconds/],
    ['a session of a day', { identity: { ...direct, sessionSeconds: 86_400 } }, /sessionSeconds/],
    ['an agent of neither kind', { identity: { ...agent, targetRole: undefined } }, /targetRole/],
    ['a kiam without role', { identity: { kind: 'kiam', region: 'eu-west-1' } }, /roleArn/],
    [
      'a source identity that STS refuses',
      { identity: { kind: 'kiam', ...role, sourceIdentity: 'a b' } },
      /sourceIdentity/,
    ],
    [
      'a source identity that no hop sets',
      { identity: { ...agent, sourceIdentity: 'me' } },
      /sourceIdentity: with targetRole/,
    ],
    [
      'one target role for two',
      { identity: agent, targets: [first, { ...second, roleArn: role.roleArn }] },
      /roleArn: with the identity's targetRole/,
    ],
    ['nothing to restart', target({ workloads: [] }), /workloads/],
    ['one cluster twice', { targets: [first, { ...second, cluster: 'c0' }] }, /twice/],
    ['a ConfigMap that is not there', target({ shard: 1 }), /shard: .*ConfigMap/],
    ['a wave that is not there', target({ wave: 1 }), /wave: .*no such wave/],
    ['neither names nor selector', workloads({ names: [] }), /names or a selector/],
    ['names and selector', workloads({ selector: { a: 'b' } }), /names or a selector/],
    ['a selector of everything', workloads({ names: [], selector: {} }), /no label/],
    ['another kind', workloads({ kind: 'Job' }), /kind/],
    ['workloads after none', workloads({ after: [1] }), /no such workloads/],
    ['workloads after themselves', workloads({ after: [0] }), /circle/],
    ['a paused that is false', target({ paused: false }), /paused/],
    ['no time', strategy({ timeoutSeconds: 0 }), /timeoutSeconds/],
    ['no wave', strategy({ waves: [] }), /waves/],
    ['two waves of one name', strategy({ waves: [wave, wave] }), /twice/],
    ['a key that a wave lacks', strategy({ waves: [{ ...wave, cluster: 'x' }] }), /cluster/],
    ['a budget beyond all', strategy({ failureBudget: { kind: 'percent', percent: 101 } }), /100/],
    ['no day', strategy({ windows: [{ ...window, days: [] }] }), /days/],
    ['an hour too many', strategy({ windows: [{ ...window, to: 1440 }] }), /to/],
    ['a zone that is none', strategy({ windows: [{ ...window, timeZone: 'Mars/X' }] }), /zone/],
    ['a gate of no kind', strategy({ waves: [{ ...wave, gates: [{ kind: 'x' }] }] }), /kind/],
    ['a check of no kind', strategy({ blockers: [{ kind: 'x' }] }), /kind/],
  ])('is refused with %s', (_, overrides, message) => {
    const parsed = overrides ? parse(overrides) : parsePlan('{');
    expect(parsed.kind).toBe('invalid');
    expect(parsed.kind === 'invalid' && parsed.message).toMatch(message);
  });
});
