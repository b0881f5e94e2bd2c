import { describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { clusterCharts, type ChartKind } from '../../charts/cluster-charts.ts';
import { prepare } from '../../charts/pipeline.ts';
import type { RestartIdentity, StrategyProps } from '../../src/index.ts';
import { CrossAccountAccess, IrsaServiceAccount, RestartCronJob } from '../../src/index.ts';
import { made } from './support/own-app.ts';
import { ownRole, restartProps, targetRole } from './support/library.ts';

interface Case {
  readonly identity: RestartIdentity;
  /** The same, as a fleet file says it. */
  readonly podIdentity: unknown;
  readonly strategy?: StrategyProps;
}

const cases: Readonly<Record<string, Case>> = {
  irsa: { identity: { kind: 'irsa', roleArn: ownRole }, podIdentity: 'irsa' },
  'irsa without the webhook': {
    identity: {
      ...{ kind: 'irsa', roleArn: ownRole, audience: 'sts.example.com', webhook: false },
      ...{ tokenExpiration: '1h', regionalEndpoints: false },
    },
    podIdentity: {
      irsa: {
        ...{ audience: 'sts.example.com', webhook: false },
        ...{ tokenExpiration: '1h', regionalEndpoints: false },
      },
    },
  },
  'irsa in one hop': {
    identity: { kind: 'irsa-direct', sessionDuration: '2h' },
    podIdentity: { irsa: { hops: 1, sessionDuration: '2h' } },
  },
  'eks-pod-identity': {
    identity: { kind: 'eks-pod-identity', roleArn: ownRole, targetRole: true },
    podIdentity: { 'eks-pod-identity': { targetRole: true } },
  },
  kiam: { identity: { kind: 'kiam', roleArn: ownRole }, podIdentity: 'kiam' },
  kube2iam: { identity: { kind: 'kube2iam', roleArn: ownRole }, podIdentity: 'kube2iam' },
  'a strategy with gates, and rights that it takes': {
    identity: { kind: 'irsa', roleArn: ownRole },
    podIdentity: 'irsa',
    strategy: {
      waves: [
        { name: 'canary', clusters: { wave: 'canary' }, gates: [{ job: { image: 'check' } }] },
      ],
      blockers: [{ prometheus: { url: 'http://prometheus:9090', query: 'up' } }],
      ...{ evictOnDelete: true, diagnostics: true, argoRollouts: true, maxFailures: '5%' },
    },
  },
};

const target = { ...restartProps.targets[0], labels: { wave: 'canary' }, externalId: 'external' };

function fleetFile({ podIdentity, strategy }: Case): string {
  const { image, name, schedule, workloads, region } = restartProps;
  const agents =
    podIdentity === 'kube2iam'
      ? { kube2iam: { existing: true, nodeRoles: ['nodes'] } }
      : { kiam: { existing: true, serverRole: 'server', nodeRole: 'nodes' } };
  return stringify({
    ...{ apiVersion: 'rollcall.dev/v1alpha1', kind: 'Fleet', name: 'rollcall', image },
    accounts: { own: '000000000001', target: '000000000002' },
    clusters: [
      {
        ...{ name: 'hub', account: 'own', region, oidcIssuer: 'https://oidc.example.com' },
        agents,
      },
      { name: 'one', account: 'target', region: 'eu-west-2', labels: target.labels },
    ],
    services: [
      {
        ...{ name, env: 'any', cluster: 'hub', namespace: 'tools', podIdentity },
        ...{ role: 'restarter', existingRole: true },
        reach: [
          {
            ...{ clusters: ['one'], role: 'target', rolePath: '/team/', existing: true },
            ...{ externalId: 'external', kubernetesUser: 'restarter' },
          },
        ],
      },
    ],
    restarts: [{ name, service: name, schedule, clusters: ['one'], workloads, strategy }],
  });
}

/** What the fleet file makes, by kind and name. */
function fromFleet(file: string, chart: ChartKind): Readonly<Record<string, unknown>> {
  const prepared = prepare(file, 'fleet.yaml');
  if (prepared.kind === 'invalid') throw new Error(JSON.stringify(prepared.diagnostics));
  const { fleet, clusters } = prepared.graph;
  const charts = clusters.flatMap((access) => clusterCharts(fleet, access));
  const objects = charts.filter(({ kind }) => kind === chart).flatMap((one) => one.objects);
  return Object.fromEntries(
    objects
      .filter(({ kind }) => kind !== 'Namespace')
      .map((one) => [`${one.kind} ${one.metadata.name}`, one]),
  );
}

describe.each(Object.entries(cases))('by %s', (_, one) => {
  const strategy = one.strategy ? { strategy: one.strategy } : {};

  it('RestartCronJob makes in the hub what a fleet file of one restart makes', () => {
    const { identity } = one;
    const props = { ...restartProps, identity, targets: [target], ...strategy };
    const objects = made((scope) => new RestartCronJob(scope, 'restart', props));
    expect(objects).toEqual(fromFleet(fleetFile(one), 'hub'));
    expect(Object.keys(objects)).toContain('CronJob nightly');
  });

  it('CrossAccountAccess makes in the target what it makes there', () => {
    const { evictOnDelete = false, diagnostics = false, argoRollouts = false } = one.strategy ?? {};
    const objects = made(
      (scope) =>
        new CrossAccountAccess(scope, 'access', {
          name: 'nightly',
          user: 'restarter',
          workloads: restartProps.workloads,
          strategy: { evictOnDelete, diagnostics, argoRollouts },
        }),
    );
    expect(objects).toEqual(fromFleet(fleetFile(one), 'target'));
  });
});

it('restarts share a ServiceAccount that is made elsewhere', () => {
  const objects = made((scope) => {
    const { identity } = new IrsaServiceAccount(scope, 'account', {
      ...{ name: 'shared', namespace: 'tools', roleArn: ownRole, tokenExpiration: '1h' },
    });
    new RestartCronJob(scope, 'first', { ...restartProps, identity });
    new RestartCronJob(scope, 'second', { ...restartProps, name: 'weekly', identity });
  });
  const accounts = Object.keys(objects).filter((key) => key.startsWith('ServiceAccount '));
  expect(accounts).toEqual(['ServiceAccount shared']);
  for (const name of ['nightly', 'weekly']) {
    expect(objects[`CronJob ${name}`]).toMatchObject({
      spec: { jobTemplate: { spec: { template: { spec: { serviceAccountName: 'shared' } } } } },
    });
    expect(objects[`RoleBinding ${name}-record`]).toMatchObject({ subjects: [{ name: 'shared' }] });
  }
});

it('has no braces filled in, as a fleet file’s templates would be', () => {
  const objects = made(
    (scope) =>
      new CrossAccountAccess(scope, 'access', {
        ...{ name: 'nightly', user: 'user-{env}-{service}', workloads: restartProps.workloads },
      }),
  );
  expect(Object.values(objects)[1]).toMatchObject({ subjects: [{ name: 'user-{env}-{service}' }] });
  const namespaced = { ...restartProps, namespace: 'tools-{env}' };
  expect(() => made((scope) => new RestartCronJob(scope, 'restart', namespaced))).toThrow(
    /^fleet\/name own\/restart: namespace\n/,
  );
});

it('has a target whose name is the hub’s', () => {
  const targets = ['hub', 'hub-1'].map((name) => ({ ...target, name }));
  const objects = made(
    (scope) => new RestartCronJob(scope, 'restart', { ...restartProps, targets }),
  );
  const { data } = objects['ConfigMap nightly-plan'] as { data: { 'plan.json': string } };
  const plan = JSON.parse(data['plan.json']) as { targets: { cluster: string }[] };
  expect(plan.targets.map(({ cluster }) => cluster)).toEqual(['hub', 'hub-1']);
});

it('has a role’s path in the plan', () => {
  const objects = made((scope) => new RestartCronJob(scope, 'restart', restartProps));
  expect(JSON.stringify(objects['ConfigMap nightly-plan'])).toContain(targetRole);
});
