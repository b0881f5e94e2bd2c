import { describe, expect, it } from '@jest/globals';
import { awsAuthFragment, type RoleMapping } from '../../src/aws-auth/fragment.ts';
import { mergeAwsAuth, mergeAwsAuthSections } from '../../src/aws-auth/merge.ts';
import { misspeltKeys } from '../../src/aws-auth/sections.ts';

const arn = 'arn:aws:iam::508208880112:role/sts-prd-js-encryption-role';
const other = 'arn:aws:iam::508208880112:role/eks-other-prd';
const node = `- rolearn: arn:aws:iam::508208880112:role/node # do not touch
  username: system:node:{{EC2PrivateDNSName}}
  groups:
    - system:bootstrappers
    - system:nodes
`;
const own = `# rollcall: fleet grada, ${arn}
- rolearn: "${arn}"
  username: "sts"
  groups: []
`;
const wanting = (...mapRoles: readonly RoleMapping[]) =>
  awsAuthFragment('grada', 'golf-prd', { mapRoles });
const sts: RoleMapping = { rolearn: arn, username: 'sts', groups: [] };

const merged = (existing: string | undefined, ...wanted: readonly RoleMapping[]): string => {
  const result = mergeAwsAuth(existing, wanting(...wanted));
  if (result.kind !== 'merged') throw new Error(`refused: ${result.code}`);
  return result.mapRoles;
};

describe('mergeAwsAuth', () => {
  const cases: readonly [name: string, before: string | undefined, after: string][] = [
    ['nothing there', undefined, own],
    ['an empty list', '[]\n', `[${JSON.stringify(sts)}]\n`],
    ['comments alone', '# nobody yet\n', `# nobody yet\n${own}`],
    ['a node role', node, node + own],
    ['no newline at the end', node.trimEnd(), node + own],
    ['a comment at the end of the last line', '- {rolearn: x} # end', `- {rolearn: x} # end\n${own}`],
    ['a comment after the last entry', `${node}# the end\n`, `${node}${own}# the end\n`],
    ['an indented list', '  - rolearn: x\n', `  - rolearn: x\n${own.replace(/^(?=.)/gm, '  ')}`],
    ['carriage returns', '- rolearn: x\r\n', `- rolearn: x\r\n${own.replaceAll('\n', '\r\n')}`],
    ['its own entry, the same', node + own, node + own],
    ['its own entry, of another user', own.replace('"sts"', 'old') + node, own + node],
    ["someone else's entry for the same user", `- {rolearn: ${arn}, username: sts}\n`, `- {rolearn: ${arn}, username: sts}\n`],
    ['the same role in other letters', `- RoleARN: ${arn.toUpperCase()}\n  UserName: sts\n`, `- RoleARN: ${arn.toUpperCase()}\n  UserName: sts\n`],
    ['an own entry that is wanted no more', own.replaceAll(arn, other) + node, node + own],
    ["JSON, as AWS CDK writes it", '[{"rolearn":"x","username":"u","groups":[]}]', `[{"rolearn":"x","username":"u","groups":[]},${JSON.stringify(sts)}]`],
    ["someone else's, in the same groups", `- {rolearn: ${arn}, username: sts, groups: }\n`, `- {rolearn: ${arn}, username: sts, groups: }\n`],
    ['a placeholder for nothing', '""\n', own],
    ['its own entry, in another group', own.replace('[]', '["old"]') + node, own + node],
    ['an anchor with a dash', '- &a-b\n  rolearn: x\n', `- &a-b\n  rolearn: x\n${own}`],
  ]; // prettier-ignore

  it.each(cases)('%s', (_, before, after) => {
    expect(merged(before, sts)).toBe(after);
  });

  it.each([
    ['aws-auth/unreadable', '- rolearn: [\n'],
    ['aws-auth/unreadable', 'rolearn: x\n'],
    ['aws-auth/unreadable', '- just text\n'],
    ['aws-auth/unreadable', '- rolearn: x\n  rolearn: y\n'],
    ['aws-auth/unreadable', '- rolearn: x\n  RoleARN: y\n'],
    ['aws-auth/unreadable', 'null # nobody\n'],
    ['aws-auth/unreadable', '[{rolearn: x}, # end\n]'],
    ['aws-auth/unreadable', `- &a\n  rolearn: ${arn}\n- <<: *a\n  username: admin\n`],
    ['aws-auth/unreadable', `- rolearn: x\n  note: &r ${arn}\n- rolearn: *r\n`],
    ['aws-auth/conflict', `- {rolearn: ${arn}, username: admin}\n`],
    ['aws-auth/conflict', `[{"rolearn":"${arn}","username":"admin"}]`],
    ['aws-auth/conflict', `- {rolearn: ${arn}, username: sts, groups: [system:masters]}\n`],
    ['aws-auth/conflict', node.replace(/\S+node #/, `${arn} #`)],
    [
      'aws-auth/node-role',
      node.replace(/- .*/, `# rollcall: fleet grada, ${arn}\n- rolearn: ${arn}`),
    ],
    ['aws-auth/unreadable', '- rolearn: x\n  username: on\n'],
    ['aws-auth/unreadable', '- rolearn: x\n  groups: viewers\n'],
    ['aws-auth/unreadable', '- rolearn: x\n  groups: [0123]\n'],
    ['aws-auth/unreadable', '- rolearn: [x]\n'],
    ['aws-auth/unreadable', '- rolearn: x\n---\n- rolearn: y\n'],
    ['aws-auth/duplicate', `- {rolearn: ${arn}}\n- {rolearn: ${arn}}\n`],
  ])('refuses: %s, %j', (code, existing) => {
    expect(mergeAwsAuth(existing, wanting(sts))).toMatchObject({ kind: 'refused', code });
  });

  it.each([
    ['below its mark', `# rollcall: fleet grada, ${other}\n${node}`],
    [
      'after a mark at the end of another',
      `- rolearn: x\n  # rollcall: fleet grada, ${other}\n${node}`,
    ],
    [
      'after a mark within a text',
      `- rolearn: x\n  username: |\n    # rollcall: fleet grada, ${other}\n${node}`,
    ],
  ])('never takes the nodes’ role for its own: %s', (_, existing) => {
    expect(merged(existing)).toBe(existing);
  });

  it('leaves another fleet its entries', () => {
    const theirs = own.replace('grada', 'other').replaceAll(arn, other);
    expect(merged(theirs)).toBe(theirs);
  });

  it.each([
    ['with a path', 'arn:aws:iam::508208880112:role/team/sts'],
    ['of a session', 'arn:aws:sts::508208880112:assumed-role/sts/session'],
    ['of a user', 'arn:aws:iam::508208880112:user/sts'],
    ['that breaks out of its line', `${arn}\n- rolearn: x`],
    ['that is none', 'sts'],
  ])('refuses to add a role’s ARN %s: no caller has it', (_, rolearn) => {
    const result = mergeAwsAuth(node, wanting({ ...sts, rolearn }));
    expect(result).toMatchObject({ kind: 'refused', code: 'aws-auth/arn' });
  });

  it('refuses to take out a role of the nodes, whatever mark is above it', () => {
    const marked = node.replace(/- rolearn: (\S+)/, '# rollcall: fleet grada, $1\n$&');
    const refusal = { kind: 'refused', code: 'aws-auth/node-role', section: 'mapRoles' };
    expect(mergeAwsAuth(marked, wanting())).toMatchObject(refusal);
    expect(mergeAwsAuth(marked.replace('grada', 'other'), wanting(sts))).toMatchObject({
      kind: 'merged',
    });
  });

  it.each([
    ['blocks', undefined],
    ['JSON', '[]'],
  ])(
    'writes what YAML 1.1 takes for a line break or refuses by its number: in %s',
    (_, existing) => {
      const username = '\u2028\u0085\u007f\ufeff"\\';
      const text = merged(existing, { ...sts, username });
      expect(text).toContain('"\\u2028\\u0085\\u007f\\ufeff\\"\\\\"');
      expect(merged(text, { ...sts, username })).toBe(text);
    },
  );

  it('has no opinion on a section in which nothing is the fleet’s', () => {
    expect(merged('- rolearn: [\n')).toBe('- rolearn: [\n');
  });
});

describe('mergeAwsAuthSections', () => {
  const ada = {
    userarn: 'arn:aws:iam::508208880112:user/people/ada',
    username: 'ada',
    groups: ['b', 'a'],
  };
  const both = awsAuthFragment('grada', 'golf-prd', { mapRoles: [sts], mapUsers: [ada] });

  it('merges users as it does roles, a path in their ARN', () => {
    const result = mergeAwsAuthSections({ mapRoles: node, mapUsers: '[]' }, both);
    expect(result).toMatchObject({
      kind: 'merged',
      sections: { mapRoles: node + own, mapUsers: `[${JSON.stringify(ada)}]` },
      changes: [
        { section: 'mapRoles', arn, change: 'added', owner: 'fleet' },
        { section: 'mapUsers', arn: ada.userarn, change: 'added', owner: 'fleet' },
      ],
    });
    const theirs = `- userarn: ${ada.userarn}\n  username: ada\n  groups: [a, b, a]\n`;
    expect(mergeAwsAuthSections({ mapUsers: theirs }, both)).toMatchObject({
      sections: { mapRoles: own, mapUsers: theirs },
      changes: [{ change: 'added' }, { change: 'unchanged', owner: 'someone else' }],
    });
  });

  it('needs no section where it has nothing to say', () => {
    expect(mergeAwsAuthSections({}, wanting())).toEqual({
      kind: 'merged',
      sections: {},
      changes: [],
    });
    expect(awsAuthFragment('f', 'c', { mapRoles: [], mapUsers: [] })).not.toHaveProperty(
      'mapUsers',
    );
  });

  it('merges both or none', () => {
    const broken = { mapRoles: node, mapUsers: '- userarn: [' };
    expect(mergeAwsAuthSections(broken, both)).toMatchObject({
      kind: 'refused',
      code: 'aws-auth/unreadable',
      section: 'mapUsers',
    });
    const role = { ...ada, userarn: arn };
    expect(
      mergeAwsAuthSections(
        {},
        awsAuthFragment('grada', 'golf-prd', { mapRoles: [], mapUsers: [role] }),
      ),
    ).toMatchObject({ code: 'aws-auth/arn', section: 'mapUsers' });
  });

  it('tells keys that nobody reads', () => {
    const data = { mapRoles: '', MapRoles: '', mapusers: '', other: '' };
    expect(misspeltKeys(data)).toEqual(['MapRoles', 'mapusers']);
  });
});
