import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { exampleText, outputOf } from './support/examples.ts';
import { contentOf, fill, inTemporaryFolder, namesIn } from './support/folders.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The app as cdk8s starts it. */
const synth = (CDK8S_OUTDIR: string, ROLLCALL_FLEET?: string) =>
  spawnSync(process.execPath, [join(root, 'charts/main.ts')], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      CDK8S_OUTDIR,
      ...(ROLLCALL_FLEET ? { ROLLCALL_FLEET } : {}),
    },
  });

it('the app of cdk8s.yaml writes the output of the fleet, and no more', () => {
  inTemporaryFolder((folder) => {
    const { status, stdout, stderr } = synth(join(folder, 'dist'), 'examples/seed-003.yaml');
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
    const { '_rollcall.json': list, ...files } = contentOf(join(folder, 'dist'));
    expect(list).toBeDefined();
    const expected = outputOf(exampleText('seed-003')).map(({ path, text }) => [path, text]);
    expect(files).toEqual(Object.fromEntries(expected));
  });
});

it.each([
  [
    'examples/broken.yaml',
    /^fleet\/unquoted-account-id .*broken.yaml:9:9\n[^]*\n5 errors in \S+\n$/,
  ],
  [
    'examples/absent.yaml',
    /^cli\/no-fleet-file\n {2}found: {4}no file at examples\/absent\.yaml in the folder \/.*\n {2}expected: .*\n {2}next: .* rollcall init\b.*\n$/,
  ],
  ['examples', /^cli\/no-fleet-file\n {2}found: {4}examples in the folder \/.*: EISDIR: /],
])('%s ends it with what is wrong, and nothing written', (fleet, said) => {
  inTemporaryFolder((folder) => {
    const { status, stderr } = synth(join(folder, 'dist'), fleet);
    expect(status).toBe(1);
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(namesIn(folder)).toEqual([]);
  });
});

it('an output folder that is someone else’s ends it, and is left alone', () => {
  inTemporaryFolder((folder) => {
    fill(folder, { 'ci/hub.k8s.yaml': 'mine' });
    const { status, stderr } = synth(folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^cli\/foreign-files\n.*: ci\/hub.k8s.yaml\n/);
    expect(contentOf(folder)).toEqual({ 'ci/hub.k8s.yaml': 'mine' });
  });
});
