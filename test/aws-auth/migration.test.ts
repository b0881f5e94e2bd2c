import { describe, expect, it } from '@jest/globals';
import type { MigratedEntry } from '../../src/aws-auth/migration-entry.ts';
import {
  planMigration,
  type FleetsShare,
  type MigrationPlan,
} from '../../src/aws-auth/migration.ts';

const account = '508208880112';
const cluster = {
  name: 'golf-prd',
  eksCluster: 'golf-prd-cluster',
  region: 'eu-west-1',
  account,
  partition: 'aws',
};
const role = (name: string): string => `arn:aws:iam::${account}:role/${name}`;
const user = (name: string): string => `arn:aws:iam::${account}:user/${name}`;
const adminPolicy = {
  policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy',
  namespaces: [],
};
const tags = { 'rollcall.dev/fleet': 'grada' };
const nothing: FleetsShare = { own: [], tags, asked: [], byEntries: false };

const plan = (
  data: Readonly<Record<string, string>>,
  over: Partial<typeof cluster> = {},
  share: Partial<FleetsShare> = {},
): MigrationPlan => {
  const planned = planMigration(data, { ...cluster, ...over }, { ...nothing, ...share });
  if (planned.kind === 'refused') throw new Error(planned.code);
  return planned.plan;
};
/** One `mapRoles` entry, or one `mapUsers` entry for a user's ARN. */
const only = (arn: string, username: string, groups: readonly string[] = []): MigrationPlan => {
  const isUser = arn.includes(':user/');
  const entry = { [isUser ? 'userarn' : 'rolearn']: arn, username, groups };
  return plan({ [isUser ? 'mapUsers' : 'mapRoles']: JSON.stringify([entry]) });
};
const node = 'system:node:{{EC2PrivateDNSName}}';
const nodeGroups = ['system:bootstrappers', 'system:nodes'];

describe('an access entry', () => {
  it.each<[string, string, string, readonly string[], Partial<MigratedEntry>]>([
    ['a role', role('a'), 'a', ['viewers'], { type: 'STANDARD', username: 'a', groups: ['viewers'], policies: [] }],
    ['a user with a path', user('team/ada'), 'ada', [], { type: 'STANDARD', username: 'ada', groups: [] }],
    ['another account’s role', 'arn:aws:iam::111122223333:role/a', 'a', [], { type: 'STANDARD' }],
    ['masters', role('a'), 'a', ['system:masters', 'b', 'b'], { groups: ['b'], policies: [adminPolicy] }],
    ['a session’s name', role('a'), 'role:{{SessionName}}', [], { username: 'role:{{SessionName}}' }],
    ['Linux nodes', role('n'), node, [...nodeGroups].reverse(), { type: 'EC2_LINUX', groups: [], policies: [] }],
    ['Windows nodes', role('n'), node, [...nodeGroups, 'eks:kube-proxy-windows'], { type: 'EC2_WINDOWS' }],
    ['Fargate', role('n'), 'system:node:{{SessionName}}', [...nodeGroups, 'system:node-proxier'], { type: 'FARGATE_LINUX' }],
    ['hybrid nodes', role('n'), 'system:node:{{SessionName}}', nodeGroups, { type: 'HYBRID_LINUX' }],
  ])('%s', (_, principalArn, username, groups, entry) => {
    const { entries, leftovers, steps } = only(principalArn, username, groups);
    expect(leftovers).toEqual([]);
    expect(entries).toMatchObject([{ principalArn, ...entry }]);
    if (entry.type?.endsWith('LINUX')) expect(entries[0]).not.toHaveProperty('username');
    expect(steps.at(-1)).not.toHaveProperty('blocked');
  }); // prettier-ignore

  it('has the policy of the cluster’s partition', () => {
    const arn = `arn:aws-cn:iam::${account}:role/a`;
    const text = `- {rolearn: "${arn}", username: a, groups: ["system:masters"]}`;
    expect(plan({ mapRoles: text }, { partition: 'aws-cn' }).entries[0]?.policies).toEqual([
      {
        policyArn: 'arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy',
        namespaces: [],
      },
    ]);
  });
});

describe('what stays behind', () => {
  it.each([
    ['a reserved prefix', role('a'), 'system:admin', [], /username that begins with system:/],
    ['another one', role('a'), 'eks:admin', [], /username that begins with eks:/],
    ['no username', role('a'), '', [], /no username/],
    ['a session’s name without a colon', role('a'), 'a{{SessionName}}', [], /without a colon before \{\{SessionName\}\}/],
    ['a colon that comes too late', role('a'), '{{SessionNameRaw}}:a', [], /without a colon/],
    ['another template', role('a'), 'a:{{AccessKeyID}}', [], /filled in by more/],
    ['a system group', role('a'), 'a', ['system:masters', 'system:x'], /do not take: system:x$/],
    ['a group by template', role('a'), 'a', ['team-{{SessionName}}'], /filled in by session/],
    ['a path', role('team/a'), 'a', [], /role with a path/],
    ['a session', `arn:aws:sts::${account}:assumed-role/a/b`, 'a', [], /session’s ARN/],
    ['an account', `arn:aws:iam::${account}:root`, 'a', [], /no role or user/],
    ['no ARN', '', 'a', [], /no role or user/],
    ['another partition', `arn:aws-cn:iam::${account}:role/a`, 'a', [], /partition aws-cn/],
    ['Identity Center', role('AWSReservedSSO_Admin_0123'), 'a', [], /whose path aws-auth leaves out/],
    ['a service-linked role', role('AWSServiceRoleForX'), 'a', [], /service-linked/],
    ['nodes with more groups', role('n'), node, [...nodeGroups, 'admins'], /as no type of access entry/],
    ['nodes of another account', 'arn:aws:iam::111122223333:role/n', node, nodeGroups, /cluster’s own account/],
  ])('%s', (_, arn, username, groups, found) => {
    const { entries, leftovers, steps } = only(arn, username, groups);
    expect(entries).toEqual([]);
    expect(leftovers).toMatchObject([{ found: expect.stringMatching(found) }]);
    expect(leftovers[0]?.next).toMatch(/\S/);
    expect(steps.at(-1)).toMatchObject({ step: 6, blocked: expect.stringMatching(/^1 entry is left/) });
  }); // prettier-ignore

  it('several entries for one principal, in whichever sections', () => {
    const { entries, leftovers } = plan({
      mapRoles: `- {rolearn: "${role('a')}", username: a}\n`,
      mapUsers: `- {userarn: "${role('A')}", username: b}\n`,
    });
    expect(entries).toEqual([]);
    expect(leftovers.map(({ section }) => section)).toEqual(['mapRoles', 'mapUsers']);
  });

  it.each([
    ['- "508208880112"\n', 1],
    ['["508208880112"]', 1],
    ['- [', 1],
    ['[]\n', 0],
    ['""', 0],
    ['# nobody\n', 0],
  ])('whole accounts: %j', (mapAccounts, count) => {
    const { leftovers } = plan({ mapAccounts });
    expect(leftovers).toHaveLength(count);
    for (const one of leftovers) expect(one.section).toBe('mapAccounts');
  });
});

describe('the fleet’s own', () => {
  const path = `arn:aws:iam::${account}:role/team/sts`;
  const sso = `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123`;
  const view = 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy';
  const asked = [
    {
      principalArn: path,
      username: 'new',
      groups: ['b'],
      policies: [{ policyArn: view, namespaces: ['n'] }],
    },
    { principalArn: sso, username: 'new', groups: [], policies: [] },
  ];
  const own = [role('STS'), role('AWSReservedSSO_Admin_0123'), role('gone')];
  const mapRoles = JSON.stringify(own.map((rolearn) => ({ rolearn, username: 'old' })));
  const entriesOf = (share: Partial<FleetsShare>) =>
    plan({ mapRoles }, {}, { own, ...share }).entries;

  it('bear its tag and their paths, and keep what they have', () => {
    const all = entriesOf({ asked });
    expect(all.map(({ principalArn }) => principalArn)).toEqual([path, sso]);
    for (const one of all) {
      expect(one).toMatchObject({
        owner: 'fleet',
        tags,
        username: 'old',
        groups: [],
        policies: [],
      });
      expect(one).not.toHaveProperty('loses');
    }
    // Without its path in the fleet file either, there is no such role to make an entry for.
    const pathless = asked.map((one) =>
      one.principalArn === sso ? { ...one, principalArn: role('AWSReservedSSO_Admin_0123') } : one,
    );
    expect(entriesOf({ asked: pathless }).map(({ principalArn }) => principalArn)).toEqual([path]);
    const [foreign] = plan({ mapRoles }, {}, { asked }).entries;
    expect(foreign).toMatchObject({ owner: 'someone else', principalArn: role('STS') });
    expect(foreign).not.toHaveProperty('tags');
  });

  it('are what the fleet file asks, where it says access-entries already', () => {
    const [first, second, ...rest] = entriesOf({ asked, byEntries: true });
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ type: 'STANDARD', tags, ...asked[0] });
    expect(second).toMatchObject({ type: 'STANDARD', tags, ...asked[1] });
    const { steps } = plan({ mapRoles }, {}, { own, asked, byEntries: true });
    const argv = steps[1]?.commands.map((one) => one.argv);
    expect(argv?.[1]?.slice(-2)).toEqual(['--access-scope', 'type=namespace,namespaces=n']);
  });

  it.each([
    [false, /^Take it out first: `rollcall aws-auth apply --cluster golf-prd`\.$/],
    [true, /^Take it out by hand, or by `rollcall aws-auth remove --cluster golf-prd` in step 5/],
  ])('get no entry where the fleet no longer lets them in; by entries: %s', (byEntries, next) => {
    const text = [{ rolearn: role('gone'), username: 'gone', groups: ['system:masters'] }];
    const share = { own: [role('gone')], asked, byEntries };
    const { entries, leftovers, steps } = plan({ mapRoles: JSON.stringify(text) }, {}, share);
    expect(entries).toEqual([]);
    const found = 'an entry of the fleet, which no longer lets it in';
    const what = { section: 'mapRoles', what: role('gone'), found };
    expect(leftovers).toEqual([{ ...what, next: expect.stringMatching(next) }]);
    expect(JSON.stringify(steps.slice(0, 4))).not.toContain('gone');
    expect(steps[4]?.commands.map(({ argv }) => argv.slice(0, 3).join(' '))).toEqual([
      'rollcall aws-auth remove',
    ]);
    expect(steps[5]?.blocked).toMatch(/^1 entry is left in aws-auth/);
  });

  const clusterAdmin = { policies: [adminPolicy] };
  it.each<[string, readonly string[], object, readonly string[] | undefined]>([
    ['groups', ['a', 'b', 'system:x'], { groups: ['b', 'c'] }, ['group a', 'group system:x']],
    ['another name', [], { username: 'new' }, ['user old']],
    ['masters', ['system:masters'], {}, ['group system:masters']],
    ['masters, but for the policy of a namespace', ['system:masters'], { policies: [{ ...adminPolicy, namespaces: ['n'] }] }, ['group system:masters']],
    ['nothing beside the policy', ['system:masters', 'a'], { ...clusterAdmin, username: 'new' }, undefined],
    ['nothing', ['a', 'a'], { groups: ['a', 'b'] }, undefined],
  ])('lose by what the fleet file asks: %s', (_, groups, more, loses) => {
    const text = [{ rolearn: role('a'), username: 'old', groups }];
    const entry = { principalArn: role('a'), username: 'old', groups: [], policies: [], ...more };
    const share = { own: [role('a')], asked: [entry], byEntries: true };
    const { entries } = plan({ mapRoles: JSON.stringify(text) }, {}, share);
    expect(entries.map((one) => one.loses)).toEqual([loses]);
  }); // prettier-ignore
});

describe('the steps', () => {
  const text = [
    { rolearn: role('n'), username: node, groups: nodeGroups },
    { rolearn: role('admin'), username: 'admin', groups: ['system:masters'] },
    { rolearn: role('sts'), username: 'sts' },
  ];
  const { entries, steps } = plan(
    { mapRoles: JSON.stringify(text) },
    {},
    {
      own: [role('sts')],
      asked: [{ principalArn: role('sts'), username: 'sts', groups: [], policies: [] }],
    },
  );
  const commands = (step: number): readonly string[] =>
    steps[step - 1]?.commands.map(({ argv }) => argv.join(' ')) ?? [];

  it('lock nobody out', () => {
    expect(steps.map(({ step, when }) => [step, when])).toEqual([
      [1, 'now'],
      [2, 'now'],
      [3, 'now'],
      [4, 'after-check'],
      [5, 'after-check'],
      [6, 'after-check'],
    ]);
    expect(commands(1)[0]).toMatch(/--access-config authenticationMode=API_AND_CONFIG_MAP$/);
    expect(commands(6)[0]).toMatch(/--access-config authenticationMode=API$/);
    // An entry without its policy takes its principal's rights away.
    expect(commands(2).map((one) => one.split(' ')[2])).toEqual([
      'create-access-entry',
      'associate-access-policy',
      'create-access-entry',
      'create-access-entry',
    ]);
    // It may end between the two: that it may be run again is said.
    expect(steps[1]?.why).toContain('made by two calls');
    expect(entries.at(-1)?.type).toBe('EC2_LINUX');
    expect(commands(5)).toEqual([
      'rollcall aws-auth remove --cluster golf-prd',
      `eksctl delete iamidentitymapping --cluster golf-prd-cluster --region eu-west-1 --arn ${role('admin')}`,
      `eksctl delete iamidentitymapping --cluster golf-prd-cluster --region eu-west-1 --arn ${role('n')}`,
    ]);
  });

  it('refuse a section that can’t be read', () => {
    const planned = planMigration({ mapRoles: '- [' }, cluster, nothing);
    expect(planned).toMatchObject({ kind: 'refused', code: 'aws-auth/unreadable' });
  });
});
