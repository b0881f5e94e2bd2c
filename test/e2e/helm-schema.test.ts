import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '../../src/helm/json.ts';
import type { Group } from '../../src/helm/knob.ts';
import { examples, exampleText } from '../charts/support/examples.ts';
import { isMap, nameOf, writeCharts, writeFiles } from './support/helm/charts.ts';
import { helm, imagined } from './support/helm/helm.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-helm-schema-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Helm takes a key away that is null; here there is none to be taken away. */
const withoutNulls = ({ schema, refused }: NonNullable<Group['rule']>) => ({
  schema,
  refused: refused.map((one) =>
    Object.fromEntries(Object.entries(one).filter(([, value]) => value !== null)),
  ),
});

/** What a value must be, of every value and of every group of every example, each once. */
const forms = new Map(
  examples
    .flatMap((name) => writeCharts(name, exampleText(name), folder))
    .flatMap(({ table: { knobs, groups } }) => [
      ...knobs.map((knob) => [nameOf(knob), knob.form] as const),
      ...groups.flatMap((group) =>
        group.rule
          ? [[nameOf(group), { ...withoutNulls(group.rule), example: { tag: 'a' } }] as const]
          : [],
      ),
    ])
    .map(([name, form]) => [JSON.stringify(form), { name, ...form }]),
);
const all = [...forms.values()];

/** One value and the schema that it is held against. */
interface Trial {
  readonly schema: JsonObject;
  readonly value: Json;
}

/** Which of them real Helm refuses, all asked at once: a chart with a value for each. */
async function refusedOf(trials: readonly Trial[]): Promise<readonly boolean[]> {
  const chart = mkdtempSync(join(folder, 'trials-'));
  const names = trials.map((_, index) => `value${index}x`);
  const properties = Object.fromEntries(
    trials.map(({ schema }, index) => [names[index] ?? '', schema]),
  );
  writeFiles(chart, [
    { path: 'Chart.yaml', text: 'apiVersion: v2\nname: trials\nversion: 0.1.0\n' },
    { path: 'values.yaml', text: '{}\n' },
    { path: 'values.schema.json', text: JSON.stringify({ type: 'object', properties }) },
  ]);
  const values = Object.fromEntries(trials.map(({ value }, index) => [names[index] ?? '', value]));
  const { stderr } = await helm(['template', 'release', chart, ...imagined, '--values', '-'], {
    input: JSON.stringify(values),
  });
  if (stderr !== '' && !stderr.includes("values don't meet")) throw new Error(stderr);
  return names.map((name) => stderr.includes(`at '/${name}`));
}

/** The schema without one of its rules, for each of them, with the rule's place in it. */
function withoutOne(schema: Json, place = ''): readonly (readonly [string, Json])[] {
  if (!isMap(schema)) return [];
  return Object.entries(schema).flatMap(([key, rule]) => {
    const at = `${place}/${key}`;
    const dropped = Object.fromEntries(Object.entries(schema).filter(([other]) => other !== key));
    const inner = (next: Json): Json => ({ ...schema, [key]: next });
    switch (key) {
      // A rule for each key of an object, or for what is in it.
      case 'properties':
      case 'patternProperties': {
        const one = rule as JsonObject;
        return Object.entries(one).flatMap(([name, value]) => {
          const others = Object.fromEntries(
            Object.entries(one).filter(([other]) => other !== name),
          );
          const below = withoutOne(value, `${at}/${name}`).map(
            ([there, changed]) => [there, inner({ ...one, [name]: changed })] as const,
          );
          return value === false
            ? [[`${at}/${name}`, inner(others)] as const]
            : [...below, [`${at}/${name}`, inner({ ...one, [name]: true })] as const];
        });
      }
      case 'items':
        return withoutOne(rule, at).map(([there, changed]) => [there, inner(changed)] as const);
      case 'anyOf':
        return [
          [at, dropped] as const,
          ...(rule as readonly Json[]).flatMap((one, index) =>
            withoutOne(one, `${at}/${index}`).map(
              ([there, changed]) =>
                [there, inner((rule as readonly Json[]).toSpliced(index, 1, changed))] as const,
            ),
          ),
        ];
      default:
        return [[at, dropped] as const];
    }
  });
}

it('there are forms to be tried', () => {
  expect(all.length).toBeGreaterThan(20);
});

it('what should be refused is, and what should not be is not', async () => {
  const trials = all.flatMap(({ name, schema, refused, example }) => [
    { name, schema, value: example, wanted: false },
    ...refused.map((value) => ({ name, schema, value, wanted: true })),
  ]);
  const found = await refusedOf(trials);
  expect(trials.filter(({ wanted }, index) => found[index] !== wanted)).toEqual([]);
});

describe('each rule is what refuses something', () => {
  it.each(all.map((form) => [form.name, form] as const))('%s', async (_, { schema, refused }) => {
    const less = withoutOne(schema);
    expect(less.length).toBeGreaterThan(0);
    const trials = less.flatMap(([place, changed]) =>
      refused.map((value) => ({ place, schema: changed as JsonObject, value })),
    );
    const found = await refusedOf(trials);
    const needed = new Set(trials.flatMap(({ place }, index) => (found[index] ? [] : [place])));
    expect(less.map(([place]) => place).filter((place) => !needed.has(place))).toEqual([]);
  });
});
