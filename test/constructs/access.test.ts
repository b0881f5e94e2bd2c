import { describe, expect, it } from '@jest/globals';
import { IdentityServiceAccount } from '../../src/constructs/identity-service-account.ts';
import { KeptNamespace } from '../../src/constructs/kept-namespace.ts';
import { RestartAccess } from '../../src/constructs/restart-access.ts';
import { RestartPlanConfigMap } from '../../src/constructs/restart-plan-config-map.ts';
import { RunRecord } from '../../src/constructs/run-record.ts';
import { labels, made, plan } from './support/own-app.ts';

const keep = {
  'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  'helm.sh/resource-policy': 'keep',
  'kustomize.toolkit.fluxcd.io/prune': 'disabled',
};
describe('KeptNamespace', () => {
  it('is kept by every applier, and restricted unless told otherwise', () => {
    const { 'Namespace tools': tools, 'Namespace old': old } = made((scope) => {
      new KeptNamespace(scope, 'tools', { name: 'tools', fleet: 'fleet' });
      new KeptNamespace(scope, 'old', { name: 'old', fleet: 'fleet', podSecurity: 'baseline' });
    });
    const podSecurity = (level: string) => ({
      'pod-security.kubernetes.io/enforce': level,
      'pod-security.kubernetes.io/audit': level,
      'pod-security.kubernetes.io/warn': level,
    });
    expect(tools).toEqual({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: 'tools',
        annotations: keep,
        labels: { ...labels('rollcall', 'tools', 'namespace'), ...podSecurity('restricted') },
      },
    });
    expect(old).toMatchObject({ metadata: { labels: podSecurity('baseline') } });
  });

  it('carries what its pods’ identities ask for besides, and is kept all the same', () => {
    const annotations = { 'iam.amazonaws.com/permitted': '^(?:a)$', ...keep };
    const given = { ...annotations, 'helm.sh/resource-policy': 'delete' };
    const { 'Namespace tools': tools } = made((scope) => {
      new KeptNamespace(scope, 'tools', { name: 'tools', fleet: 'fleet', annotations: given });
    });
    expect(tools).toMatchObject({ metadata: { annotations } });
  });
});

describe('IdentityServiceAccount', () => {
  const account = (
    name: string,
    more: { readonly annotations?: Record<string, string>; readonly automountToken?: boolean },
  ) =>
    made((scope) => {
      new IdentityServiceAccount(scope, 'identity', {
        name,
        namespace: 'tools',
        service: 'restarter',
        fleet: 'fleet',
        ...more,
      });
    });

  it('carries its annotations, and mounts its API token as Kubernetes does, unless told otherwise', () => {
    const name = `${'long'.repeat(15)}.${'name'.repeat(15)}`;
    const annotations = {
      'eks.amazonaws.com/role-arn': 'arn:aws:iam::000000000001:role/restarter',
    };
    const { [`ServiceAccount ${name}`]: plain } = account(name, { annotations });
    expect(plain).not.toHaveProperty('automountServiceAccountToken');
    expect(account(name, { annotations, automountToken: false })).toEqual({
      [`ServiceAccount ${name}`]: {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: {
          name,
          namespace: 'tools',
          annotations,
          labels: labels('rollcall', 'restarter', 'identity'),
        },
        automountServiceAccountToken: false,
      },
    });
  });

  it('without annotations has none, not an empty map', () => {
    for (const more of [{}, { annotations: {} }]) {
      const { 'ServiceAccount a': made } = account('a', more);
      expect(Object.keys((made as { metadata: object }).metadata)).not.toContain('annotations');
    }
  });
});

describe('RestartPlanConfigMap', () => {
  it('holds the plan as the job reads it', () => {
    const { 'ConfigMap nightly-plan': configMap } = made((scope) => {
      new RestartPlanConfigMap(scope, 'plan', { namespace: 'tools', plan });
    });
    expect(configMap).toMatchObject({ metadata: { namespace: 'tools' } });
    const { data } = configMap as { data: Record<string, string> };
    expect(Object.keys(data)).toEqual(['plan.json']);
    expect(JSON.parse(data['plan.json'] ?? '')).toEqual(plan);
  });

  it('refuses a plan that no ConfigMap holds', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `workload-${index}`.padEnd(60, 'x'));
    const large = {
      ...plan,
      targets: plan.targets.map((target) => ({
        ...target,
        workloads: [{ namespace: 'shop', kind: 'Deployment' as const, names }],
      })),
    };
    const build = () =>
      made((scope) => {
        new RestartPlanConfigMap(scope, 'plan', { namespace: 'tools', plan: large });
      });
    expect(build).toThrow(/plan of restart nightly has \d+ bytes; a ConfigMap holds 1048576/);
  });
});

describe('RunRecord', () => {
  const objects = made((scope) => {
    new RunRecord(scope, 'record', { plan, serviceAccount: 'restarter' });
  });

  const metadata = (name: string) => ({
    name,
    namespace: 'tools',
    annotations: { ...keep, 'kustomize.toolkit.fluxcd.io/ssa': 'IfNotPresent' },
    labels: labels('rollcall-restart', 'nightly', 'restart'),
  });

  it('is made empty and kept, so that applying it again leaves what the job has written', () => {
    for (const name of plan.record.configMaps) {
      expect(objects[`ConfigMap ${name}`]).toEqual({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: metadata(name),
      });
    }
    expect(objects['Lease nightly-lock']).toEqual({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: metadata('nightly-lock'),
    });
  });

  it('lets the job read and patch exactly these', () => {
    expect(objects['Role nightly-record']).toMatchObject({
      metadata: { namespace: 'tools' },
      rules: [
        {
          apiGroups: [''],
          resources: ['configmaps'],
          resourceNames: ['nightly-record-0', 'nightly-record-1'],
          verbs: ['get', 'patch'],
        },
        {
          apiGroups: ['coordination.k8s.io'],
          resources: ['leases'],
          resourceNames: ['nightly-lock'],
          verbs: ['get', 'patch'],
        },
      ],
    });
    expect(objects['RoleBinding nightly-record']).toMatchObject({
      metadata: { namespace: 'tools' },
      roleRef: { kind: 'Role', name: 'nightly-record' },
      subjects: [{ kind: 'ServiceAccount', name: 'restarter', namespace: 'tools' }],
    });
    expect(Object.keys(objects)).toHaveLength(5);
  });
});

describe('RestartAccess', () => {
  it('is a Role of exactly these rules, and its binding to the mapped user', () => {
    const objects = made((scope) => {
      new RestartAccess(scope, 'access', {
        fleet: 'fleet',
        grant: {
          service: 'restarter',
          username: 'user',
          namespace: 'shop',
          rules: [
            { group: 'apps', resource: 'deployments', names: ['a', 'b'], verbs: ['get', 'patch'] },
            { group: 'apps', resource: 'deployments', verbs: ['list', 'watch'] },
            { group: '', resource: 'pods/eviction', verbs: ['create'] },
          ],
        },
      });
    });
    const deployments = { apiGroups: ['apps'], resources: ['deployments'] };
    const metadata = {
      name: 'rollcall:fleet:restarter',
      namespace: 'shop',
      labels: labels('rollcall', 'restarter', 'access'),
    };
    expect(objects).toEqual({
      'Role rollcall:fleet:restarter': {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata,
        rules: [
          { ...deployments, resourceNames: ['a', 'b'], verbs: ['get', 'patch'] },
          { ...deployments, verbs: ['list', 'watch'] },
          { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] },
        ],
      },
      'RoleBinding rollcall:fleet:restarter': {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata,
        roleRef: {
          apiGroup: 'rbac.authorization.k8s.io',
          kind: 'Role',
          name: 'rollcall:fleet:restarter',
        },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'user' }],
      },
    });
  });
});
