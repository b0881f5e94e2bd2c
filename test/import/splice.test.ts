import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { loadFleet } from '../../src/fleet/load.ts';
import { editValue, type FileEdit } from '../../src/import/edit-model.ts';
import { editFleet } from '../../src/import/splice.ts';

const examples = new URL('../../examples/', import.meta.url);
const files = readdirSync(examples)
  .filter((name) => /^(?!broken).*(?<!prior)\.yaml$/.test(name))
  .map((name) => [name, readFileSync(new URL(name, examples), 'utf8')] as const);
/** Each parses a whole file four times. */
const numRuns = Number(process.env.SOAK_RUNS ?? 25);
const byName = new Map(files);
const seed = byName.get('seed-000.yaml') ?? '';

const cluster = (name: string) => ({
  name,
  account: 'new',
  region: 'eu-west-1',
  labels: { env: 'prd', team: 'x' },
});
const append = (name: string): FileEdit => ({
  kind: 'append',
  path: ['clusters'],
  value: cluster(name),
});
const account: FileEdit = { kind: 'put', path: ['accounts', 'new'], value: '012345678901' };
const user: FileEdit = {
  kind: 'append',
  path: ['users'],
  value: { name: 'ada', arn: 'arn:aws:iam::012345678901:user/ada', clusters: ['new-1'] },
};
const label = (key: string): FileEdit => ({
  kind: 'put',
  path: ['clusters', 0, 'labels', key],
  value: 'on',
});
const issuer: FileEdit = {
  kind: 'put',
  path: ['clusters', 0, 'oidcIssuer'],
  value: 'https://oidc.example.com/id/NEW',
};

function edited(text: string, edits: readonly FileEdit[]): string {
  const result = editFleet(text, edits);
  if (result.kind === 'unwritable') throw new Error(result.problem.why);
  return result.text;
}

/** Lines of the first that are not, in their order, in the second. */
function lost(before: string, after: string): readonly string[] {
  const rest = after.split('\n');
  return before.split('\n').filter((line) => {
    const at = rest.indexOf(line);
    if (at !== -1) rest.splice(0, at + 1);
    return at === -1;
  });
}

const newline = (text: string): string => text.replaceAll('\n', '\r\n');
const asJson = (text: string): string => JSON.stringify(parse(text), null, 2);
const asOneLine = (text: string): string => JSON.stringify(parse(text));

describe('editing a fleet file', () => {
  it.each(files)('adds to %s, and drops no line', (_, text) => {
    const after = edited(text, [account, append('new-1'), append('new-2'), user]);
    expect(lost(text, after)).toEqual([]);
    const loaded = loadFleet(after, 'fleet.yaml');
    // Where a selector takes in all clusters, new ones are too many for it.
    const codes = loaded.kind === 'invalid' ? loaded.diagnostics.map(({ code }) => code) : [];
    expect(codes.filter((code) => code !== 'fleet/not-reached')).toEqual([]);
  });

  it('writes as a person would', () => {
    const after = edited(seed, [account, append('new-1'), user, label('wave'), issuer]);
    expect(lost(after, seed)).toEqual([
      "  new: '012345678901'",
      '    oidcIssuer: https://oidc.example.com/id/NEW',
      '    labels: { env: prd, wave: on }',
      '  - name: new-1',
      '    account: new',
      '    region: eu-west-1',
      '    labels: { env: prd, team: x }',
      'users:',
      '  - name: ada',
      '    arn: arn:aws:iam::012345678901:user/ada',
      '    clusters: [new-1]',
    ]);
  });

  const push = (key: string): FileEdit => ({ kind: 'append', path: [key], value: 'new' });
  const put = (key: string): FileEdit => ({ kind: 'put', path: ['a', key], value: 'new' });
  const inside: FileEdit = { kind: 'append', path: ['a', 0, 'b'], value: 'new' };

  /** What is written anew is marked by §, which is not in the file before. */
  it.each<[string, string, ...FileEdit[]]>([
    ['of items', 'a:\n  - x\n  # of x\n\n  # - y\n§  - new\n§\n# of b\nb: 1\n', push('a')],
    ['deeper', 'a:\n  - x\n    # of x\n§  - new\n§b: 1\n', push('a')],
    ['of the next key', 'a:\n  - x\n§  - new\n§# of b\nb: 1\n', push('a')],
    ['beside a list that is not indented', 'a:\n- x\n  # of x\n§- new\n§# of b\nb: 1\n', push('a')],
    ['of keys', 'a:\n  x: 1\n  # of x\n§  y: new\n§# of b\nb: 1\n', put('y')],
    [
      'of both',
      'a:\n  - b:\n      - x\n      # of x\n§      - new\n§  # of b\n§  - new\n§c: 1\n',
      push('a'),
      inside,
    ],
    ['at the end', 'a:\n  - x\n  # of x§\n  - new\n§', push('a')],
    ['in flow', 'a: [x, # of x\n  y§,§ # of y§\n  new§\n  ]\n', push('a')],
    ['in flow, twice', 'a: [x§,§ # of x§\n  new,\n  new§\n  ]\n', push('a'), push('a')],
    ['in flow, with a comma', 'a: {\n    x: 1, # of #x§\n    y: new§\n  }\n', put('y')],
    ['in flow, empty', 'a: [ # none§\n  new§\n  ]\n', push('a')],
  ])('leaves comments with what they are about: %s', (_, marked, ...wanted) => {
    const before = marked.replaceAll(/§[^§]*§/g, '');
    expect(edited(before, wanted)).toBe(marked.replaceAll('§', ''));
    expect(edited(newline(before), wanted)).toBe(newline(marked.replaceAll('§', '')));
  });

  const shapes: readonly [string, (text: string) => string][] = [
    ['LF', (text) => text],
    ['CR LF', newline],
    ['a byte order mark', (text) => `\ufeff${text}`],
    ['no newline at its end', (text) => text.trimEnd()],
    ['a comment at its end', (text) => `${text}# the end\n`],
    ['a comment on its last line', (text) => `${text.trimEnd()} # the end`],
    ['JSON', asJson],
    ['JSON on one line', asOneLine],
    ['lists that are not indented', (text) => stringify(parse(text), { indentSeq: false })],
  ];
  const edits = fc.uniqueArray(
    fc.constantFrom(
      account,
      append('new-1'),
      append('new-2'),
      user,
      label('a'),
      label('b'),
      issuer,
    ),
    { minLength: 1 },
  );

  it.each(shapes)('comes to the same value in a file with %s', (_, shape) => {
    fc.assert(
      fc.property(fc.constantFrom(...byName.keys()), edits, (name, wanted) => {
        const text = shape(byName.get(name) ?? '');
        const before: unknown = parse(text.replace('\ufeff', ''));
        const after = edited(text, wanted);
        expect(parse(after.replace('\ufeff', ''))).toEqual(editValue(before, wanted));
        expect(after.startsWith('\ufeff')).toBe(text.startsWith('\ufeff'));
        if (text.includes('\r\n')) expect(after).not.toMatch(/[^\r]\n/);
      }),
      { numRuns },
    );
  });

  it.each<[string, string, FileEdit, RegExp]>([
    ['labels behind an alias', 'labels: *l', label('b'), /alias/],
    ['labels that others share', 'labels: &l2 { env: prd }', label('b'), /^$|safely/],
    ['a list that is none', '', { kind: 'append', path: ['name'], value: 'x' }, /no list/],
    ['a map in place of a text', '', { kind: 'put', path: ['clusters'], value: 'x' }, /plain/],
  ])('does not touch %s', (_, labels, edit, why) => {
    const text = `name: x
accounts: { a: '1' }
clusters:
  - name: one
    ${labels}
  - { name: two, labels: ${labels.includes('l2') ? '*l2' : '{}'} }
`.replace('accounts:', labels.includes('*l') ? 'labels: &l { env: prd }\naccounts:' : 'accounts:');
    const result = editFleet(text, [edit]);
    expect(result.kind === 'unwritable' ? result.problem.why : '').toMatch(why);
    if (!labels.includes('l2')) expect(result.kind).toBe('unwritable');
  });
});
