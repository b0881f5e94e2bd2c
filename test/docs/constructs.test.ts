import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { fleetJsonSchema } from '../../src/fleet/json-schema.ts';
import * as library from '../../src/index.ts';
import { runOnSource } from '../package/support.ts';
import { root } from './markdown.ts';
import { constructsPage } from './reference/constructs-page.ts';
import { allExamples, compileExamples } from './reference/examples.ts';
import { readPublicApi, type DocumentedProp } from './reference/public-api.ts';

const page = `${root}docs/constructs.md`;
const api = readPublicApi();

/** `UPDATE_DOCS=1` rewrites the page: what changes is then reviewed as any other change. */
it('docs/constructs.md is what the source says', async () => {
  const text = await constructsPage(api);
  if (process.env.UPDATE_DOCS) writeFileSync(page, text);
  expect(readFileSync(page, 'utf8')).toBe(text);
});

it('the library exports its constructs and their error, and nothing else', () => {
  const names = api.constructs.map(({ name }) => name);
  expect(Object.keys(library).sort()).toEqual([...names, 'PropsError'].sort());
});

const described = [
  ...api.constructs.map(({ name, props }) => [name, props] as const),
  ...api.types.flatMap((type) =>
    type.kind === 'interface' ? [[type.name, type.props] as const] : [],
  ),
];
it.each(described)(
  '%s: every prop says what it means, and an optional one its default',
  (_, props) => {
    for (const { name, text, optional, preset } of props) {
      if (name === 'kind') continue; // of a union's member: it says itself
      expect([name, text]).toEqual([name, expect.stringMatching(/\w.*[.:]$/s)]);
      expect([name, optional]).toEqual([name, preset !== undefined]);
    }
  },
);

describe('examples', () => {
  it('compile', () => {
    expect(compileExamples(api)).toEqual([]);
  });

  it('run, and make something', () => {
    const program = allExamples(api, './src/index.ts');
    const output = runOnSource(program);
    const kinds = parseAllDocuments(output).map((one) => String(one.get('kind')));
    expect(new Set(kinds)).toEqual(
      new Set([
        ...['Namespace', 'ServiceAccount', 'ConfigMap', 'Lease', 'Role', 'RoleBinding'],
        ...['NetworkPolicy', 'CronJob'],
      ]),
    );
  });
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly default?: string | number | boolean;
}

describe('what the fleet file has too, has the same keys and defaults', () => {
  const propsOf = (name: string): readonly DocumentedProp[] => {
    const found = described.find(([one]) => one === name);
    if (!found) throw new Error(`no type ${name}`);
    return found[1];
  };
  const schemaAt = (path: string): Readonly<Record<string, Schema>> => {
    const at = path
      .split('.')
      .reduce<Schema | undefined>(
        (schema, key) => (key === '[]' ? schema?.items : schema?.properties?.[key]),
        fleetJsonSchema(),
      );
    if (!at?.properties) throw new Error(`the fleet file has no ${path}`);
    return at.properties;
  };
  const strategy = 'restarts.[].strategy';

  it.each([
    ['StrategyProps', strategy],
    ['WaveProps', `${strategy}.waves.[]`],
    ['WindowProps', `${strategy}.windows.[]`],
    ['StormBreakerProps', `${strategy}.stormBreaker`],
    ['GateProps', `${strategy}.waves.[].gates.[]`],
    ['GateJobProps', `${strategy}.waves.[].gates.[].job`],
    ['BlockerProps', `${strategy}.blockers.[]`],
    ['ConditionProps', `${strategy}.blockers.[].condition`],
    ['PrometheusProps', `${strategy}.blockers.[].prometheus`],
    ['RestartWorkloads', 'restarts.[].workloads.[]'],
    ['TargetConnection', 'clusters.[].connection'],
  ])('%s', (name, path) => {
    const props = propsOf(name);
    const schema = schemaAt(path);
    expect(props.map((prop) => prop.name).sort()).toEqual(Object.keys(schema).sort());
    for (const { name: key, preset } of props) {
      const value = schema[key]?.default;
      if (value === undefined || key === 'timeout') continue;
      const written = typeof value === 'string' ? `'${value}'` : String(value);
      expect([key, preset]).toEqual([key, written]);
    }
  });
});
