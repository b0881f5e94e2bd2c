import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import ts from 'typescript';
import { contentOf } from '../charts/support/folders.ts';
import { exampleText, outputOf } from '../charts/support/examples.ts';
import { allExamples } from '../docs/reference/examples.ts';
import { readPublicApi } from '../docs/reference/public-api.ts';
import { makeProject, root, runOnSource, type Project } from './support.ts';

let project: Project;
beforeAll(() => {
  project = makeProject();
}, 300_000);
afterAll(() => {
  project.remove();
});

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
};
const api = readPublicApi();
const examples = allExamples(api, 'rollcall');

const textOf = (path: string): string =>
  readFileSync(join(project.folder, 'node_modules/rollcall', path), 'utf8');

it('holds JavaScript and declarations, and no source', () => {
  const unexpected = project.packed.filter(
    (path) =>
      !/^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|docs\/[\w-]+\.md)$/.test(path) &&
      !/^build\/package\/(?:src|charts|jobs)\/.*\.(?:js|d\.ts)$/.test(path) &&
      !/^build\/package\/examples\/[\w.-]+\.yaml$/.test(path),
  );
  expect(unexpected).toEqual([]);
});

it('holds every page that a message of it names', () => {
  const named = project.packed
    .filter((path) => path.endsWith('.js'))
    .flatMap((path) => textOf(path).match(/\bdocs\/[a-z-]+\.md/g) ?? []);
  expect(named.length).toBeGreaterThan(10);
  expect(project.packed).toEqual(expect.arrayContaining(named));
});

it('imports only what its package.json asks for', () => {
  const asked = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
  const imported = project.packed
    .filter((path) => path.endsWith('.js'))
    .flatMap((path) => {
      return ts.preProcessFile(textOf(path)).importedFiles.map(({ fileName }) => fileName);
    })
    .filter((name) => !name.startsWith('.') && !name.startsWith('node:'))
    .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));
  expect(imported).toContain('cdk8s');
  expect(imported.filter((name) => !asked.includes(name))).toEqual([]);
});

it('serves an app in JavaScript and one in TypeScript, with what the source makes', () => {
  project.write('app.mjs', examples);
  project.write('app.ts', examples);
  project.write(
    'wrong.ts',
    "import type { NamespaceProps } from 'rollcall';\nexport const props: NamespaceProps = { name: 1 };\n",
  );
  // Other libraries' declarations are not ours to check; every one that ours leads to is.
  project.write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        ...{ strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
        ...{ module: 'nodenext', target: 'es2022', lib: ['es2024'], types: ['node'] },
        ...{ noEmit: true, preserveSymlinks: false },
      },
      files: ['app.ts', 'wrong.ts'],
    }),
  );
  const said = typeCheck().filter((line) => /^(?:app|wrong)\.ts|rollcall/.test(line));
  expect(said).toEqual([expect.stringMatching(/^wrong\.ts\(2,40\): error TS2322/)]);
  const expected = runOnSource(allExamples(api, './src/index.ts'));
  expect(project.node('app.mjs')).toBe(expected);
  expect(project.node('--disable-warning=ExperimentalWarning', 'app.ts')).toBe(expected);
  expect(expected).toContain('kind: CronJob');
}, 120_000);

it('does no work when it is imported', () => {
  project.write('idle.mjs', "await import('rollcall');");
  expect(project.node('idle.mjs')).toBe('');
});

it('has a command line that synthesises', () => {
  project.write('fleet.yaml', exampleText('seed-000'));
  const bin = join(project.folder, 'node_modules/rollcall/build/package/src/cli/main.js');
  project.node(bin, 'synth', 'fleet.yaml');
  const { '_rollcall.json': list, ...files } = contentOf(join(project.folder, 'dist'));
  expect(list).toBeDefined();
  const expected = outputOf(exampleText('seed-000')).map(({ path, text }) => [path, text]);
  expect(files).toEqual(Object.fromEntries(expected));
});

function typeCheck(): readonly string[] {
  try {
    // In any environment: FORCE_COLOR=0 makes it pretty too.
    project.node(join(root, 'node_modules/typescript/bin/tsc'), '-p', '.', '--pretty', 'false');
    return [];
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout).split('\n');
  }
}
