import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../markdown.ts';
import { programOf, type PublicApi } from './public-api.ts';

/** A construct's example as a program of its own. */
export const exampleProgram = (api: PublicApi, example: string, from: string): string =>
  [
    importOf(['App', 'Chart', 'JsonPatch'], 'cdk8s', `new App Chart ${example}`),
    importOf(
      api.constructs.map(({ name }) => name),
      from,
      example,
    ),
    '',
    "const chart = new Chart(new App(), 'own');",
    example,
    '',
  ].join('\n');

/** All of them in one program, each with a chart of its own, synthesised. */
export const allExamples = (api: PublicApi, from: string): string =>
  [
    "import { App, Chart, JsonPatch } from 'cdk8s';",
    `import { ${api.constructs.map(({ name }) => name).join(', ')} } from '${from}';`,
    'const app = new App();',
    ...api.constructs.map(
      ({ name, example }) => `{\nconst chart = new Chart(app, '${name}');\n${example}\n}`,
    ),
    'console.log(app.synthYaml());',
  ].join('\n');

/** Only what the text uses: an import too many would be an error. */
const importOf = (names: readonly string[], from: string, text: string): string =>
  `import { ${names.filter((name) => new RegExp(`\\b${name}\\b`).test(text)).join(', ')} } from '${from}';`;

/** What the compiler says of each example, against the source. */
export function compileExamples(api: PublicApi): readonly string[] {
  const files = new Map(
    api.constructs.map(({ name, example }) => [
      join(root, `example-${name}.ts`),
      exampleProgram(api, example, './src/index.ts'),
    ]),
  );
  const host = ts.createCompilerHost(api.program.getCompilerOptions());
  const withExamples: ts.CompilerHost = {
    ...host,
    fileExists: (path) => files.has(path) || host.fileExists(path),
    readFile: (path) => files.get(path) ?? host.readFile(path),
    getSourceFile: (path, options) => {
      const text = files.get(path);
      return text === undefined
        ? host.getSourceFile(path, options)
        : ts.createSourceFile(path, text, options);
    },
  };
  const program = programOf([...files.keys()], withExamples, api.program);
  return [...files.keys()].flatMap((path) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(path))
      .map(({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
  );
}
