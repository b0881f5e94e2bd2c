import { describe, expect, it } from '@jest/globals';
import { renderIam } from '../../src/iam/render.ts';
import { graphOf } from './support/plan.ts';

interface Sharing {
  readonly services: number;
  readonly podIdentity: string | object;
  readonly externalId?: string;
  /** The first service's own role. */
  readonly other?: string;
}

/** Services of one hub that all reach a cluster by one role, as one user. */
const shared = ({ services, podIdentity, externalId, other }: Sharing) =>
  graphOf(
    JSON.stringify({
      apiVersion: 'rollcall.dev/v1alpha1',
      kind: 'Fleet',
      name: 'fleet',
      image: 'registry.example.com/rollcall:1.0.0',
      accounts: { ours: '000000000001', theirs: '000000000002' },
      clusters: [
        {
          name: 'hub',
          account: 'ours',
          region: 'eu-west-1',
          oidcIssuer: 'https://oidc.example.com/1',
          podIdentity,
        },
        { name: 'target', account: 'theirs', region: 'eu-west-1' },
      ],
      services: Array.from({ length: services }, (_, index) => ({
        name: `restarter-${index}`,
        env: 'prd',
        cluster: 'hub',
        namespace: 'restarts',
        ...(index === 0 && other !== undefined ? { role: other } : {}),
        reach: [{ clusters: ['target'], role: 'shared', kubernetesUser: 'restarter', externalId }],
      })),
      restarts: [0, services - 1].map((index) => ({
        name: `nightly-${index}`,
        service: `restarter-${index}`,
        schedule: '0 1 * * *',
        clusters: ['target'],
        workloads: [{ namespace: 'shop', names: ['cart'] }],
      })),
    }),
  );

const targetsOf = (graph: ReturnType<typeof shared>) =>
  graph.roles.filter(({ account }) => account === '000000000002');

describe('a role that more services reach than its trust policy has room for', () => {
  it.each([
    { services: 60, podIdentity: 'irsa' },
    { services: 12, podIdentity: 'irsa', externalId: 'shared-with-many' },
    { services: 9, podIdentity: { irsa: { hops: 1 } } },
    { services: 9, podIdentity: 'eks-pod-identity' },
  ])('becomes several, each within the quota: %j', (sharing) => {
    const graph = shared(sharing);
    const roles = targetsOf(graph);
    expect(roles.length).toBeGreaterThan(1);
    expect(roles.map(({ name }) => name)).toEqual(
      roles.map((_, index) => (index === 0 ? 'shared' : `shared-${index + 1}`)),
    );
    expect(roles.flatMap(({ trusts }) => trusts)).toHaveLength(sharing.services);
    expect(renderIam(graph)).toMatchObject({ kind: 'rendered' });
    const target = graph.clusters.find(({ cluster }) => cluster.name === 'target');
    expect(target?.mappings.map(({ arn, username }) => ({ arn, username }))).toEqual(
      roles.map(({ arn }) => ({ arn, username: 'restarter' })),
    );
    const plans = graph.clusters.flatMap(({ restarts }) => restarts.map(({ plan }) => plan));
    expect(plans.map(({ targets }) => targets[0]?.roleArn)).toEqual([
      roles[0]?.arn,
      roles.at(-1)?.arn,
    ]);
  });

  it('never becomes one that is named for something else', () => {
    const names = targetsOf(shared({ services: 60, podIdentity: 'irsa', other: 'shared-2' })).map(
      ({ name }) => name,
    );
    expect(names).toContain('shared-3');
    expect(names.filter((name) => name === 'shared-2')).toEqual([]);
  });

  it.each([
    { services: 5, podIdentity: 'irsa' },
    { services: 2, podIdentity: { irsa: { hops: 1 } } },
  ])('stays one while it has room: %j', (sharing) => {
    expect(targetsOf(shared(sharing)).map(({ name }) => name)).toEqual(['shared']);
  });
});
