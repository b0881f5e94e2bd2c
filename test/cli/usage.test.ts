import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { product } from '../../src/names/product.ts';
import { inTemporaryFolderAsync, namesIn } from '../charts/support/folders.ts';
import { run } from './support/run.ts';

const seed = 'examples/seed-003.yaml';

describe('arguments', () => {
  it.each<readonly [argv: readonly string[], said: RegExp]>([
    [['sinth'], /unknown command 'sinth'[^]*synth/],
    [['synth'], /no file at fleet.yaml in the folder .*\n/],
    [['synth', seed, '--outptu', 'x'], /unknown option '--outptu'[^]*--output/],
    [['synth', seed, '-o', 'dist'], /'dist' is invalid.* A folder is given by -d\./],
    [
      ['synth', seed, '--format', 'xml'],
      /'xml' is invalid. Allowed choices are manifests, helm, flux, argocd, kustomize/,
    ],
    [['synth', seed, 'more'], /too many arguments/],
    [['plan', seed, '-o', 'dist'], /'dist' is invalid/],
    [
      ['plan', seed, '--migrate', 'kiam'],
      /'kiam' is invalid. Allowed choices are irsa, eks-pod-identity/,
    ],
    [['demo', '--break', 'x'], /'x' is invalid/],
    [['demo', '--scenario', 'x'], /'x' is invalid. Allowed choices are trouble/],
    [['demo', '--scenario', 'trouble', '--break', 'rbac'], /cannot be used with option '--break/],
    [['stop'], /missing required argument 'restart'/],
    [['approve', 'nightly'], /missing required argument 'wave'/],
    [['runs', 'nightly', '-o', 'xml'], /'xml' is invalid/],
    [[], /^Usage: rollcall/],
  ])('%j is an error, with what to write', async (argv, said) => {
    const { code, stdout, stderr } = await run(argv);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  it('--help and --version are answers', async () => {
    expect(await run(['--version'])).toEqual({
      code: 0,
      stdout: `${product.version}\n`,
      stderr: '',
    });
    const { code, stdout, stderr } = await run(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    const commands = [
      'schema',
      'synth',
      'plan',
      'diff',
      'stop',
      'pause',
      'resume',
      'approve',
      'runs',
      'demo',
    ];
    for (const command of commands) expect(stdout).toContain(`  ${command} `);
    expect((await run(['stop', '--help'])).stdout).toContain('Exit codes: ');
    expect((await run(['plan', '--help'])).stdout).toContain('--detailed-exitcode');
    expect((await run(['diff', '--help'])).stdout).toContain('0 no difference; 1 some; 2 error');
  });

  it.each([
    ['synth'],
    ['plan'],
    ['diff'],
    ['import'],
    ['runs'],
    ...['diff', 'apply', 'undo', 'remove', 'migrate'].map((one) => ['aws-auth', one]),
  ])('%s %s prints by -o, --output', async (...command) => {
    const { stdout } = await run([...command, '--help']);
    expect(stdout).toContain('  -o, --output <format>');
    expect(stdout).toContain('fleet.yaml');
  });

  it('schema prints a JSON Schema', async () => {
    const { code, stdout } = await run(['schema']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ title: 'Rollcall fleet file', type: 'object' });
  });
});

type Place = (folder: string) => readonly string[];
const synthTo =
  (path: string): Place =>
  (folder) => ['synth', seed, '-d', join(folder, path)];
const planFrom =
  (path: string): Place =>
  (folder) => ['plan', seed, '-d', join(folder, path)];
const fleet =
  (path: string): Place =>
  (folder) => ['plan', join(folder, path)];

/** In a folder that holds a file, a folder with a list that is not ours, and a link to itself. */
const cases: readonly [code: string, argv: Place][] = [
  ['cli/no-fleet-file', fleet('absent.yaml')],
  ['cli/no-fleet-file', fleet('hostile')],
  ['cli/no-fleet-file', fleet('file/fleet.yaml')],
  ['cli/no-fleet-file', fleet('loop')],
  ['cli/no-fleet-file', fleet('x'.repeat(5000))],
  ['cli/no-fleet-file', fleet('a\0b')],
  ['cli/no-fleet-file', fleet('\x1b[31m\u202e')],
  ['cli/no-fleet-file', () => ['plan', '']],
  ['cli/output-folder', synthTo('file')],
  ['cli/output-folder', synthTo('file/dist')],
  ['cli/output-folder', synthTo('x'.repeat(5000))],
  ['cli/output-folder', synthTo('a\0b')],
  ['cli/output-folder', synthTo('loop')],
  ['cli/output-folder', () => ['synth', seed, '-d', '']],
  ['cli/output-folder', planFrom('file')],
  ['cli/output-folder', planFrom('file/dist')],
  ['cli/output-list', synthTo('hostile')],
  ['cli/output-list', planFrom('hostile')],
  ['cli/output-folder', () => ['synth', seed, '-d', '/']],
  ['cli/foreign-files', synthTo('taken')],
];

describe('what the surroundings refuse is a problem, not a stack trace', () => {
  it.each(cases)('%s, case %#', (code, argv) =>
    inTemporaryFolderAsync(async (folder) => {
      writeFileSync(join(folder, 'file'), 'text');
      mkdirSync(join(folder, 'hostile'));
      writeFileSync(join(folder, 'hostile', '_rollcall.json'), '{"files": ["../file"]}');
      symlinkSync('loop', join(folder, 'loop'));
      mkdirSync(join(folder, 'taken', 'ci'), { recursive: true });
      writeFileSync(join(folder, 'taken', 'ci', 'hub.k8s.yaml'), 'text');

      const { code: exit, stdout, stderr } = await run(argv(folder), { terminal: true });
      expect([exit, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(
        new RegExp(`^${code}\n {2}found: {4}\\S.*\n {2}expected: \\S.*\n {2}next: {5}\\S.*\n$`),
      );
      expect(stderr).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}/u);

      const asData = await run([...argv(folder), '-o', 'json']);
      expect([asData.code, asData.stderr]).toEqual([1, '']);
      expect(JSON.parse(asData.stdout)).toMatchObject({ errors: [{ code }] });
      expect(namesIn(folder)).toEqual(['file', 'hostile', 'loop', 'taken']);
    }),
  );

  it.each<(...argv: readonly string[]) => readonly string[]>([
    (file) => ['synth', file],
    (file) => ['plan', file],
    (file) => ['diff', file],
    (file) => ['stop', 'after-key-creation', '-f', file],
    (file) => ['aws-auth', 'apply', '-f', file, '--cluster', 'ci'],
  ])(
    'a fleet file that is not there: the path, the folder, and what writes one, case %#',
    async (argv) => {
      const { stderr } = await run(argv('there/fleet.yaml'));
      expect(stderr).toContain(
        `  found:    no file at there/fleet.yaml in the folder ${process.cwd()}\n`,
      );
      expect(stderr).toMatch(/\n {2}next: {5}.* rollcall init\b/);
      expect((await run(argv('/there/fleet.yaml'))).stderr).toContain(
        '  found:    no file at /there/fleet.yaml\n',
      );
    },
  );

  it('demo, too, writes over nothing of someone else’s', () =>
    inTemporaryFolderAsync(async (folder) => {
      mkdirSync(join(folder, 'dist', 'ci'), { recursive: true });
      writeFileSync(join(folder, 'dist', 'ci', 'hub.k8s.yaml'), 'text');
      const { code, stdout, stderr } = await run(['demo', '-d', folder]);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/\ncli\/foreign-files\n.*: ci\/hub.k8s.yaml\n/);
      expect(namesIn(folder)).toEqual(['dist']);
    }));
});
