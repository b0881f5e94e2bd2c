import { ApiObject } from 'cdk8s';
import { describe, expect, it } from '@jest/globals';
import { UserAccess } from '../../src/constructs/user-access.ts';
import type { UserRight } from '../../src/fleet/model.ts';
import { labels, made } from './support/own-app.ts';

const rbac = 'rbac.authorization.k8s.io';
const group = 'rollcall:fleet:ann';
const subjects = [{ apiGroup: rbac, kind: 'Group', name: group }];

const objects = (...rights: readonly UserRight[]) =>
  made((scope) => {
    new UserAccess(scope, 'ann', { fleet: 'fleet', grant: { user: 'ann', group, rights } });
  });

const binding = (kind: string, name: string, role: string, namespace?: string) => ({
  apiVersion: `${rbac}/v1`,
  kind,
  metadata: {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: labels('rollcall', 'ann', 'users'),
  },
  roleRef: { apiGroup: rbac, kind: role.split(' ')[0], name: role.split(' ')[1] },
  subjects,
});

const rules: UserRight = {
  kind: 'rules',
  name: 'logs',
  namespaces: [],
  rules: [
    { groups: ['', 'apps'], resources: ['pods/log'], verbs: ['get', 'list'], names: [] },
    { groups: ['apps'], resources: ['deployments'], verbs: ['patch'], names: ['a', 'b'] },
  ],
};
const asRules = [
  { apiGroups: ['', 'apps'], resources: ['pods/log'], verbs: ['get', 'list'] },
  { apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['a', 'b'], verbs: ['patch'] },
];

describe('UserAccess', () => {
  it.each(['view', 'edit', 'admin'] as const)(
    'binds Kubernetes’ own ClusterRole %s in the whole cluster',
    (level) => {
      const name = `rollcall:fleet:ann:${level}`;
      expect(objects({ kind: 'level', level, namespaces: [] })).toEqual({
        [`ClusterRoleBinding ${name}`]: binding('ClusterRoleBinding', name, `ClusterRole ${level}`),
      });
    },
  );

  it('or in one namespace, by a RoleBinding alone', () => {
    const name = 'rollcall:fleet:ann:edit';
    expect(objects({ kind: 'level', level: 'edit', namespaces: ['shop'] })).toEqual({
      [`RoleBinding ${name}`]: binding('RoleBinding', name, 'ClusterRole edit', 'shop'),
    });
  });

  it('makes a ClusterRole of rules of one’s own, and binds it', () => {
    const name = 'rollcall:fleet:ann:logs';
    expect(objects(rules)).toEqual({
      [`ClusterRole ${name}`]: expect.objectContaining({ rules: asRules }),
      [`ClusterRoleBinding ${name}`]: binding('ClusterRoleBinding', name, `ClusterRole ${name}`),
    });
  });

  it('or a Role in a namespace', () => {
    const name = 'rollcall:fleet:ann:logs';
    expect(objects({ ...rules, namespaces: ['shop'] })).toEqual({
      [`Role ${name}`]: {
        apiVersion: `${rbac}/v1`,
        kind: 'Role',
        metadata: { name, namespace: 'shop', labels: labels('rollcall', 'ann', 'users') },
        rules: asRules,
      },
      [`RoleBinding ${name}`]: binding('RoleBinding', name, `Role ${name}`, 'shop'),
    });
  });

  it('in each namespace that is named, and every right beside the others', () => {
    const all: [string, string | undefined][] = [];
    made((scope) => {
      new UserAccess(scope, 'ann', {
        fleet: 'fleet',
        grant: {
          user: 'ann',
          group,
          rights: [
            { kind: 'level', level: 'view', namespaces: [] },
            { kind: 'level', level: 'edit', namespaces: ['a', 'b'] },
            { ...rules, namespaces: ['a', 'b'] },
          ],
        },
      });
      for (const one of scope.node.findAll().filter((child) => child instanceof ApiObject)) {
        const name = one.name.replace(`${group}:`, '');
        all.push([`${one.kind} ${name}`, one.metadata.namespace]);
      }
    });
    expect(all).toEqual([
      ['ClusterRoleBinding view', undefined],
      ['RoleBinding edit', 'a'],
      ['RoleBinding edit', 'b'],
      ['Role logs', 'a'],
      ['RoleBinding logs', 'a'],
      ['Role logs', 'b'],
      ['RoleBinding logs', 'b'],
    ]);
  });
});
