import { expect, it } from '@jest/globals';
import { RestartChecks } from '../../src/constructs/restart-checks.ts';
import type { PlannedCheck, PlannedGate, RestartStrategy } from '../../src/plan/restart-plan.ts';
import { labels, made, planWith } from './support/own-app.ts';

const condition = (apiVersion: string, resource: string, name: string, namespace?: string) =>
  ({
    kind: 'condition',
    apiVersion,
    resource,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    type: 'Ready',
    status: 'True',
  }) as const satisfies PlannedCheck;
const prometheus: PlannedCheck = { kind: 'prometheus', url: 'http://a', query: 'up' };
const gate = (check: PlannedCheck): PlannedGate => ({ kind: 'check', check, timeoutSeconds: 60 });
const job: PlannedGate = { kind: 'job', image: 'smoke', command: [], timeoutSeconds: 60 };
const approval: PlannedGate = { kind: 'approval', timeoutSeconds: 60 };

const checks = (gates: readonly PlannedGate[], blockers: RestartStrategy['blockers'] = []) =>
  made((scope) => {
    const waves = [
      { name: 'first', soakSeconds: 0, gates: [] },
      { name: 'second', soakSeconds: 0, gates },
    ];
    const plan = planWith({ waves, blockers });
    new RestartChecks(scope, 'checks', { plan, serviceAccount: 'restarter' });
  });
const name = 'rollcall:fleet:nightly:checks';

it('makes nothing for approvals and queries', () => {
  expect(checks([approval, gate(prometheus)], [prometheus])).toEqual({});
});

it('lets the job get each object by its name, a resource at a time', () => {
  const objects = checks(
    [
      gate(condition('apps/v1', 'deployments', 'b', 'shop')),
      gate(condition('v1', 'pods', 'p', 'shop')),
    ],
    [
      condition('apps/v1', 'deployments', 'a', 'shop'),
      condition('apps/v1beta1', 'deployments', 'b', 'shop'),
    ],
  );
  expect(Object.keys(objects)).toEqual([`Role ${name}`, `RoleBinding ${name}`]);
  expect(objects[`Role ${name}`]).toEqual({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: {
      name,
      namespace: 'shop',
      labels: labels('rollcall-restart', 'nightly', 'restart'),
    },
    rules: [
      { apiGroups: [''], resources: ['pods'], resourceNames: ['p'], verbs: ['get'] },
      {
        apiGroups: ['apps'],
        resources: ['deployments'],
        resourceNames: ['a', 'b'],
        verbs: ['get'],
      },
    ],
  });
  expect(objects[`RoleBinding ${name}`]).toMatchObject({
    metadata: { namespace: 'shop' },
    roleRef: { kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name: 'restarter', namespace: 'tools' }],
  });
});

it('makes a ClusterRole only for what has no namespace', () => {
  const objects = checks([gate(condition('v1', 'nodes', 'n'))]);
  expect(Object.keys(objects)).toEqual([`ClusterRole ${name}`, `ClusterRoleBinding ${name}`]);
  expect(objects[`ClusterRole ${name}`]).toMatchObject({
    rules: [{ apiGroups: [''], resources: ['nodes'], resourceNames: ['n'], verbs: ['get'] }],
  });
  expect(objects[`ClusterRoleBinding ${name}`]).toMatchObject({
    roleRef: { kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', name: 'restarter', namespace: 'tools' }],
  });
});

it('lets the job make and read Jobs beside it only where a gate is one', () => {
  const objects = checks([job, approval, job]);
  expect(Object.keys(objects)).toEqual(['Role nightly-gates', 'RoleBinding nightly-gates']);
  expect(objects['Role nightly-gates']).toMatchObject({
    metadata: { namespace: 'tools' },
    rules: [{ apiGroups: ['batch'], resources: ['jobs'], verbs: ['create', 'get'] }],
  });
});
