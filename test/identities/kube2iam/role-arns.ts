import fc from 'fast-check';
import { isRoleName, parseRoleArn, type RoleArn, type RoleName } from '../../../src/names/arn.ts';

const checked = (text: string): text is RoleArn => parseRoleArn(text) !== undefined;

export function arn(text: string): RoleArn {
  if (!checked(text)) throw new Error(`${text} is no role ARN`);
  return text;
}

/** Few characters, so that look-alikes meet: metacharacters of expressions and globs, both cases. */
export const roleNames: fc.Arbitrary<RoleName> = fc
  .stringMatching(/^[aA.+]{1,4}$/)
  .filter((text): text is RoleName => isRoleName(text));
const path = fc.oneof(
  fc.constant('/'),
  fc.stringMatching(/^[aA.+()[\]{}|?^$\\*]{1,6}$/).map((text) => `/${text}/`),
);

/** ARNs of roles, close to each other in every part. */
export const roleArns: fc.Arbitrary<RoleArn> = fc
  .record({
    partition: fc.constantFrom('aws', 'aws-cn'),
    account: fc.constantFrom('000000000001', '100000000001'),
    path,
    name: roleNames,
  })
  .map(({ partition, account, path: at, name: role }) =>
    arn(`arn:${partition}:iam::${account}:role${at}${role}`),
  );

/** What a pod may be annotated with that almost is the role: longer, shorter, one character off, … */
export const nearMisses = (role: string): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(
      `${role}a`,
      `${role}\n`,
      `\n${role}`,
      `a${role}`,
      role.slice(0, -1),
      role.slice(1),
      role.toUpperCase(),
      role.toLowerCase(),
      role.replace('arn:aws:', 'arn:aws-us-gov:'),
      role.replace(/\d{12}/, '999999999999'),
      role.replace(':role/', ':role/team/'),
      role.replace(/.*\//, ''),
      `arn:aws:iam::999999999999:role/${role}`,
      `${role}/a`,
      '',
      'arn:',
    ),
    fc
      .tuple(fc.nat(role.length), fc.constantFrom('', 'x', 'xx', '/', '|', '\n'))
      .map(([at, text]) => role.slice(0, at) + text + role.slice(at + 1)),
  );

/** A list of roles, and what a pod is annotated with: one of them, another role, or a near miss. */
export const listAndAnnotation = <Role extends string>(
  roles: fc.Arbitrary<Role>,
): fc.Arbitrary<{ readonly list: readonly Role[]; readonly annotation: string }> =>
  fc.array(roles, { maxLength: 4 }).chain((list) =>
    fc.record({
      list: fc.constant(list),
      annotation: fc.oneof(roles, ...list.flatMap((one) => [fc.constant(one), nearMisses(one)])),
    }),
  );
