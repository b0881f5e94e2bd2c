import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { changedSections, encodeBackup, planUndo } from '../../src/aws-auth/backup.ts';
import { awsAuthFragment, type RoleMapping } from '../../src/aws-auth/fragment.ts';
import { emptyFragment } from '../../src/aws-auth/leave.ts';
import { mergeAwsAuthSections } from '../../src/aws-auth/merge.ts';
import type { Sections } from '../../src/aws-auth/sections.ts';

const comment = fc.stringMatching(/^[ -~]{0,12}$/);
const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }));
/** As block text: `- key: value` lines in some indent, with comments wherever they may stand. */
const blockEntry = (key: string, kind: string, pad: string, newline: string) =>
  fc
    .record({
      name: fc.stringMatching(/^[a-z]{1,8}$/),
      above: fc.option(comment, { nil: undefined }),
      behind: fc.option(comment, { nil: undefined }),
      inline: fc.boolean(),
      spaces: fc.integer({ min: 1, max: 4 }),
    })
    .map(({ name, above, behind, inline, spaces }) => {
      const arn = `arn:aws:iam::111111111111:${kind}/${name}x`;
      const gap = ' '.repeat(spaces);
      const end = behind === undefined ? newline : ` #${behind}${newline}`;
      const head = above === undefined ? '' : `${pad}#${above}${newline}`;
      return inline
        ? `${head}${pad}-${gap}{${key}: ${arn}, username: u}${end}`
        : `${head}${pad}-${gap}${key}: ${arn}${newline}${pad} ${gap}username: "u"${end}`;
    });

const blockSection = (key: string, kind: string) =>
  fc
    .record({ indent: fc.integer({ min: 0, max: 4 }), newline: fc.constantFrom('\n', '\r\n') })
    .chain(({ indent, newline }) =>
      fc
        .tuple(
          fc.constantFrom('', `# top${newline}`, newline),
          fc.array(blockEntry(key, kind, ' '.repeat(indent), newline), { maxLength: 4 }),
          fc.constantFrom('', `# the end${newline}`),
        )
        .map(([top, entries, end]) => top + entries.join('') + end),
    );

/** As AWS CDK writes it, and by hand over several lines. */
const flowSection = (key: string, kind: string) =>
  fc
    .array(fc.record({ name: fc.stringMatching(/^[a-z]{1,8}$/), username: text }), { maxLength: 4 })
    .chain((entries) => {
      const all = entries.map(({ name, username }) => ({
        [key]: `arn:aws:iam::111111111111:${kind}/${name}x`,
        username,
        groups: ['a'],
      }));
      return fc.constantFrom(JSON.stringify(all), `${JSON.stringify(all, null, 2)}\n`);
    });

const section = (key: string, kind: string) =>
  fc.oneof(
    fc.constant(undefined),
    fc.record({ isFlow: fc.constant(false), text: blockSection(key, kind) }),
    fc.record({ isFlow: fc.constant(true), text: flowSection(key, kind) }),
  );

const wanted = (kind: string) =>
  fc.uniqueArray(
    fc.record({
      arn: fc
        .stringMatching(/^[a-z]{1,8}$/)
        .map((name) => `arn:aws:iam::222222222222:${kind}/${name}`),
      username: text,
      groups: fc.array(text, { maxLength: 2 }),
    }),
    { maxLength: 4, selector: ({ arn }) => arn },
  );

const fragment = fc.tuple(wanted('role'), wanted('user')).map(([roles, users]) =>
  awsAuthFragment('grada', 'golf-prd', {
    mapRoles: roles.map(({ arn: rolearn, ...rest }) => ({ rolearn, ...rest })),
    mapUsers: users.map(({ arn: userarn, ...rest }) => ({ userarn, ...rest })),
  }),
);

const merged = (existing: Sections, asked: ReturnType<typeof emptyFragment>): Sections => {
  const result = mergeAwsAuthSections(existing, asked);
  if (result.kind === 'refused') throw new Error(`${result.code}: ${result.found}`);
  return result.sections;
};

/** The end of a last line that had none is all that is not the same when our entries are gone again. */
const ended = (one: string | undefined, other: string | undefined): string =>
  one === undefined || one === '' || one.endsWith('\n') || other === undefined
    ? (one ?? '')
    : one + (other.endsWith('\r\n') ? '\r\n' : '\n');

describe('a merge, whatever stands there', () => {
  it('keeps foreign bytes, is idempotent, says what it should, and can be taken back', () => {
    fc.assert(
      fc.property(
        section('rolearn', 'role'),
        section('userarn', 'user'),
        fragment,
        fragment,
        (roles, users, asked, later) => {
          const before: Sections = {
            ...(roles && { mapRoles: roles.text }),
            ...(users && { mapUsers: users.text }),
          };
          const once = merged(before, asked);
          expect(merged(once, asked)).toEqual(once);
          for (const [name, given, want] of [
            ['mapRoles', roles, asked.mapRoles],
            ['mapUsers', users, asked.mapUsers ?? []],
          ] as const) {
            const [was, is] = [before[name] ?? '', once[name] ?? ''];
            const foreign = (parse(was) ?? []) as RoleMapping[];
            const read = (parse(is) ?? []) as RoleMapping[];
            expect(read.slice(0, foreign.length)).toEqual(foreign);
            expect(read.slice(foreign.length)).toEqual(want);
            expect(isSubsequence(was, is)).toBe(true);
            if (given?.isFlow) continue;
            const gone = merged(once, emptyFragment(asked))[name] ?? '';
            expect([was, ended(was, is)]).toContain(gone);
          }
          const changes = changedSections(before, once);
          const backup = encodeBackup('grada', 0, before, changes);
          const undo = planUndo(once, backup, 'grada');
          if (undo.kind !== 'restore') throw new Error(undo.kind);
          expect(restored(once, undo.changes)).toEqual(before);
          // What the fleet asks for later takes the place of what it asked before, in blocks.
          if (!roles?.isFlow && !users?.isFlow) {
            const roleEntries = (text = ''): RoleMapping[] => (parse(text) ?? []) as RoleMapping[];
            const read = roleEntries(merged(once, later).mapRoles);
            const expected = [...roleEntries(before.mapRoles), ...later.mapRoles];
            expect(read).toHaveLength(expected.length);
            expect(read).toEqual(expect.arrayContaining(expected));
          }
        },
      ),
      { numRuns: Number(process.env.SOAK_RUNS ?? 100) },
    );
  });
});

function restored(live: Sections, changes: ReturnType<typeof changedSections>): Sections {
  const all = { ...live, ...changes };
  return Object.fromEntries(Object.entries(all).filter(([, one]) => one !== null));
}

function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const one of whole) if (part.startsWith(one, at)) at += one.length;
  return at === part.length;
}
