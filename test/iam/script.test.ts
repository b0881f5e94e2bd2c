import { describe, expect, it } from '@jest/globals';
import type { ProviderNode } from '../../src/access/graph.ts';
import { account, arnOf, asked, graphOfRoles, roleOf } from './support/roles.ts';
import { named, run } from './support/run-account.ts';
import { existingRole, missingPrograms, ownersStatement } from './support/run-script.ts';

const missing = missingPrograms();
const itRuns = missing === undefined ? it : it.skip;

const fleetTag = [{ Key: 'rollcall.dev/fleet', Value: 'fleet' }];
/** As our script has left it. */
const madeRole = (statements: unknown, parts: object = {}) =>
  existingRole('role', statements, { MaxSessionDuration: 3600, Tags: fleetTag, ...parts });

const own = graphOfRoles([roleOf()]);
const existing = graphOfRoles([roleOf({ ownership: 'existing' })]);
const ourStatement = {
  Sid: 'RollcallFleetTrustsCaller',
  Effect: 'Allow',
  Principal: { AWS: arnOf('caller') },
  Action: 'sts:AssumeRole',
};

describe(`an account’s script${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  itRuns('does nothing in another account', () => {
    const end = run(own, [], '999999999999');
    expect(end).toMatchObject({ code: 1, changes: [], asked: 1 });
    expect(end.stderr).toMatch(/credentials of account 999999999999.* for 000000000001/);
  });

  itRuns('changes nothing when it is run again', () => {
    const end = run(own, [madeRole([ourStatement])]);
    expect(end).toMatchObject({ code: 0, changes: [] });
    expect(run(existing, [existingRole('role', [ownersStatement, ourStatement])])).toMatchObject({
      code: 0,
      changes: [],
    });
  });

  itRuns('changes a role of ours to what it is to be', () => {
    const earlier = { ...ourStatement, Principal: { AWS: 'AROAEXAMPLE' } };
    const end = run(own, [existingRole('role', [earlier])]);
    expect(named(end)).toEqual([
      'iam update-assume-role-policy',
      'iam update-role',
      'iam tag-role',
    ]);
    expect(JSON.parse(String(end.changes[0]?.input.PolicyDocument))).toMatchObject({
      Statement: [ourStatement],
    });
    expect(end.stderr).toMatch(/^-.*AROAEXAMPLE/m);
  });

  describe('has a role of ours', () => {
    const tags = { team: 'a' };
    const boundary = 'arn:aws:iam::000000000001:policy/Boundary';
    const bounded = { PermissionsBoundary: { PermissionsBoundaryArn: boundary } };
    const others = { PermissionsBoundary: { PermissionsBoundaryArn: `${boundary}Other` } };
    const withBoundary = graphOfRoles([roleOf()], { permissionsBoundary: 'Boundary' });

    itRuns.each([
      ['tagged', graphOfRoles([roleOf()], { tags }), {}, ['iam tag-role']],
      [
        'keep the tags of others',
        graphOfRoles([roleOf()], { tags }),
        {
          Tags: [...[{ Key: 'x', Value: 'y' }, ...fleetTag], { Value: 'a', Key: 'team' }],
        },
        [],
      ],
      ['bounded', withBoundary, {}, ['iam put-role-permissions-boundary']],
      ['bounded by another', withBoundary, others, ['iam put-role-permissions-boundary']],
      ['keep its boundary', withBoundary, bounded, []],
    ])('%s', (_, graph, parts, calls) => {
      const end = run(graph, [madeRole([ourStatement], parts)]);
      expect({ code: end.code, calls: named(end) }).toEqual({ code: 0, calls });
      expect(end.stderr).not.toContain('does not name');
    });

    itRuns('keep a boundary that the fleet file does not name, and says so', () => {
      const end = run(own, [madeRole([ourStatement], bounded)]);
      expect(end).toMatchObject({ code: 0, changes: [] });
      expect(end.stderr).toContain(
        `role role has a boundary that the fleet file does not name: ${boundary}\n`,
      );
    });
  });

  itRuns.each([
    ['it has a statement of another’s', [ownersStatement, ourStatement], {}, 'someone else'],
    ['it has none of ours', ownersStatement, {}, 'someone else'],
    ['of another fleet', [{ ...ourStatement, Sid: 'RollcallFleetTwoTrustsX' }], {}, 'someone else'],
    ['it has another path', [ourStatement], { Path: '/team/' }, 'path'],
  ])('leaves a role of that name alone: %s', (_, statements, parts, why) => {
    const end = run(own, [existingRole('role', statements, parts)]);
    expect(end).toMatchObject({ code: 1, changes: [] });
    expect(end.stderr).toContain(why);
  });

  itRuns('adds to an existing role, in place of what it had of ours, and keeps all else', () => {
    const short = { ...ourStatement, Sid: 'RollcallFleetT1' };
    const others = { ...ourStatement, Sid: 'RollcallFleetTwoTrustsCaller' };
    const lookalike = { ...ourStatement, Sid: 'RollcallFleetT1TrustsCaller' };
    const nameless = { Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' };
    // Of a caller that is asked for no more, and of a mechanism that was another.
    const left = { ...ourStatement, Sid: 'RollcallFleetTrustsKube2iamNodes2' };
    const statements = [short, ownersStatement, left, others, nameless, lookalike];
    const { code, changes } = run(existing, [existingRole('role', statements)]);
    expect({ code, calls: changes.map(({ call }) => call) }).toEqual({
      code: 0,
      calls: ['iam update-assume-role-policy'],
    });
    expect(JSON.parse(String(changes[0]?.input.PolicyDocument))).toEqual({
      Version: '2012-10-17',
      Statement: [ownersStatement, others, nameless, lookalike, ourStatement],
    });
  });

  itRuns('says what an existing role lacks', () => {
    expect(run(existing)).toMatchObject({ code: 1, changes: [] });
    const long = graphOfRoles([roleOf({ ownership: 'existing', maxSessionSeconds: 43200 })]);
    const end = run(long, [existingRole('role', [], { MaxSessionDuration: 3600 })]);
    expect(end).toMatchObject({ code: 1, changes: [] });
    expect(end.stderr).toContain('MaxSessionDuration');
  });

  itRuns('tries again while IAM does not know a principal yet, and no longer than a while', () => {
    const error = '(MalformedPolicyDocument): Invalid principal in policy';
    const failing = (times: number) => run(own, [{ call: 'iam create-role', error, times }]);
    expect(failing(2)).toMatchObject({ code: 0, changes: { length: 3 } });
    expect(failing(99)).toMatchObject({ code: 1, changes: { length: 6 } });
    const denied = run(own, [{ call: 'iam create-role', error: '(AccessDenied): no' }]);
    expect(denied).toMatchObject({ code: 1, changes: { length: 1 } });
    expect(denied.stderr).toContain('AccessDenied');
  });

  itRuns('never takes a failed question for an absence', () => {
    const end = run(own, [{ call: 'iam get-role', error: '(AccessDenied): no' }]);
    expect(end).toMatchObject({ code: 1, changes: [] });
    expect(end.stderr).toContain('AccessDenied');
  });

  itRuns('adds to a provider the client ids that it lacks', () => {
    const provider: ProviderNode = {
      arn: 'arn:aws:iam::000000000001:oidc-provider/oidc.example.com/id/1',
      account,
      partition: 'aws',
      issuer: 'https://oidc.example.com/id/1',
      clientIds: ['sts.amazonaws.com', 'two'],
      ownership: 'rollcall',
      path: [],
    };
    const answer = { ClientIDList: ['other', 'two'] };
    const there = [{ call: 'iam get-open-id-connect-provider', answer }];
    const end = run({ ...graphOfRoles([]), providers: [provider] }, there);
    expect(end.changes).toEqual([
      {
        call: 'iam add-client-id-to-open-id-connect-provider',
        input: { OpenIDConnectProviderArn: provider.arn, ClientID: 'sts.amazonaws.com' },
      },
    ]);
    const others = { ...provider, ownership: 'existing' as const };
    const graph = { ...graphOfRoles([]), providers: [others] };
    expect(run(graph, there)).toMatchObject({ code: 1, changes: [] });
    expect(run(graph)).toMatchObject({ code: 1, changes: [] });
  });

  itRuns('makes room for a new version of a managed policy', () => {
    const many = Array.from({ length: 300 }, (_, index) => `arn:aws:s3:::bucket-number-${index}/*`);
    const graph = graphOfRoles([roleOf({ permissions: [asked(many)], trusts: [] })]);
    const version = (id: number) => ({
      VersionId: `v${id}`,
      IsDefaultVersion: id === 5,
      CreateDate: `2026-01-0${id}T00:00:00Z`,
    });
    const { code, changes } = run(graph, [
      { call: 'iam get-policy', answer: { Policy: { DefaultVersionId: 'v5' } } },
      { call: 'iam get-policy-version', answer: { PolicyVersion: { Document: {} } } },
      { call: 'iam list-policy-versions', answer: { Versions: [5, 4, 1, 2, 3].map(version) } },
    ]);
    expect(code).toBe(0);
    const each = ['delete-policy-version', 'create-policy-version', 'attach-role-policy'];
    expect(changes.map(({ call }) => call)).toEqual([...each, ...each].map((one) => `iam ${one}`));
    expect(changes[0]?.input).toMatchObject({ VersionId: 'v1' });
    expect(changes[1]?.input).toMatchObject({ SetAsDefault: true });
  });
});
