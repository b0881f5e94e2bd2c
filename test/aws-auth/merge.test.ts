import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { awsAuthFragment, type RoleMapping } from '../../src/aws-auth/fragment.ts';
import { mergeAwsAuth } from '../../src/aws-auth/merge.ts';

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
  awsAuthFragment('grada', 'golf-prd', mapRoles);
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

  it('is idempotent, loses no entry, and can be taken out again to the byte', () => {
    const entry = fc
      .record({
        name: fc.stringMatching(/^[a-z]{1,8}$/),
        comment: fc.stringMatching(/^[ -~]{0,12}$/),
      })
      .map(
        ({ name, comment }) =>
          `- rolearn: arn:aws:iam::1:role/${name}x\n  username: u #${comment}\n`,
      );
    const mapping = fc.record({
      rolearn: fc.stringMatching(/^arn:aws:iam::2:role\/[a-z]{1,8}$/),
      username: fc.string({ minLength: 1 }),
      groups: fc.array(fc.string(), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 4 }),
        fc.uniqueArray(mapping, { maxLength: 4, selector: (one) => one.rolearn }),
        (entries, wanted) => {
          const before = entries.join('');
          const once = merged(before, ...wanted);
          expect(merged(once, ...wanted)).toBe(once);
          expect(once.startsWith(before)).toBe(true);
          const read = (parse(once) ?? []) as RoleMapping[];
          expect(read.slice(entries.length)).toEqual(wanted);
          expect(merged(once)).toBe(before);
        },
      ),
    );
  });
});
