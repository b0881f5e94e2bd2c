import { describe, expect, it } from '@jest/globals';
import type { AskedPermission } from '../../src/access/graph.ts';
import { holds } from './support/holds.ts';
import { golf, golf2, graphWith, hub, one, type Parts } from './support/parts.ts';

const asked = (parts: Parts, role: string): readonly AskedPermission[] =>
  (graphWith(parts).roles.find(({ name }) => name === role)?.permissions ?? []).filter(
    (one) => one.kind === 'asked',
  );
const resources = (parts: Parts, role: string) =>
  asked(parts, role).map((permission) => permission.resources[0]);

const all = 'arn:{partition}:x:{region}:{account}:{cluster}/{service}/{env}/{env}';
const getAll = { actions: ['x:Get'], resources: [all] };
const clusters = [{ ...hub, eksCluster: 'hub_eks' }, golf, { ...golf2, region: 'eu-west-2' }];

describe('placeholders of policies', () => {
  it('of a service’s own role: its account, and the hub', () => {
    expect(
      resources({ clusters, services: [{ ...one, policies: [getAll] }] }, 'eks-one-prd'),
    ).toEqual(['arn:aws:x:eu-west-1:000000000001:hub_eks/one/prd/prd']);
  });

  it('of a target’s role: its account, and each cluster that it opens', () => {
    const reach = [{ clusters: ['golf', 'golf2'], role: 'app', policies: [getAll] }];
    expect(resources({ clusters, services: [{ ...one, reach }] }, 'app')).toEqual([
      'arn:aws:x:eu-west-1:000000000002:golf/one/prd/prd',
      'arn:aws:x:eu-west-2:000000000002:golf2/one/prd/prd',
    ]);
  });

  it('where clusters make no difference the statement stands once', () => {
    const policies = [{ actions: ['x:Get'], resources: ['arn:{partition}:x:::{account}'] }];
    const reach = [{ clusters: ['golf', 'golf2'], role: 'app', policies }];
    expect(resources({ clusters, services: [{ ...one, reach }] }, 'app')).toEqual([
      'arn:aws:x:::000000000002',
    ]);
  });

  it('of several environments: each its own', () => {
    const services = [
      { ...one, env: undefined, envs: ['a', 'b'], serviceAccount: 's-{env}', policies: [getAll] },
    ];
    expect(
      ['eks-one-a', 'eks-one-b'].flatMap((role) => resources({ clusters, services }, role)),
    ).toEqual([
      'arn:aws:x:eu-west-1:000000000001:hub_eks/one/a/a',
      'arn:aws:x:eu-west-1:000000000001:hub_eks/one/b/b',
    ]);
  });

  it('in values of conditions too, and never in IAM’s own variables', () => {
    const policy = {
      actions: ['s3:GetObject'],
      resources: ['arn:aws:s3:::{env}/${aws:username}/${*}/{env}'],
      conditions: {
        StringLike: {
          'aws:PrincipalTag/team': ['{service}', "${aws:PrincipalTag/env, 'none'}"],
          's3:prefix': '${aws:username}',
        },
        Null: { 'aws:PrincipalTag/team': 'false' },
      },
    };
    expect(asked({ services: [{ ...one, policies: [policy] }] }, 'eks-one-prd')).toEqual([
      {
        kind: 'asked',
        actions: ['s3:GetObject'],
        resources: ['arn:aws:s3:::prd/${aws:username}/${*}/prd'],
        conditions: {
          StringLike: {
            'aws:PrincipalTag/team': ['one', "${aws:PrincipalTag/env, 'none'}"],
            's3:prefix': ['${aws:username}'],
          },
          Null: { 'aws:PrincipalTag/team': ['false'] },
        },
      },
    ]);
  });

  it('are all filled in, of every role', () => {
    holds(({ graph: { roles } }) => {
      const permissions = roles.flatMap((role) => role.permissions);
      expect(JSON.stringify(permissions)).not.toMatch(/(?<!\$)\{[a-z]+\}/);
      for (const { account, permissions } of roles) {
        for (const permission of permissions) {
          if (permission.kind !== 'asked') continue;
          for (const resource of permission.resources) {
            const [, , service, , of] = resource.split(':');
            if (service === 'ssm') expect(of).toBe(account);
            if (service === 's3' && resource !== '*') expect(resource).toContain(`-${account}/`);
          }
        }
      }
    });
  });
});
