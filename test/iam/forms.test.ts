import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccessGraph } from '../../src/access/graph.ts';
import type { IamForm } from '../../src/fleet/model.ts';
import { buildModel } from '../../src/iam/build-model.ts';
import { forms } from '../../src/iam/forms.ts';
import type { IamModel } from '../../src/iam/model.ts';
import type { OutputFile } from '../../src/iam/output-file.ts';
import { renderIam } from '../../src/iam/render.ts';
import type { RoleName } from '../../src/names/arn.ts';
import { graphOf } from '../access/support/plan.ts';
import { carriedBy, type Carried } from './support/carried.ts';
import { graphs } from './support/graph-arbitrary.ts';
import { readCloudFormation } from './support/read-cloudformation.ts';
import { eksctlOf, readEksctl } from './support/read-eksctl.ts';
import { readJson } from './support/read-json.ts';
import { readTerraform } from './support/read-terraform.ts';
import { account, arnOf, graphOfRoles, hops, roleOf } from './support/roles.ts';
import { readScripts } from './support/read-script.ts';
import { missingPrograms } from './support/run-script.ts';

const examples = join(import.meta.dirname, '..', '..', 'examples');
const fleets = readdirSync(examples).filter(
  (name) => name.endsWith('.yaml') && !name.endsWith('.prior.yaml') && name !== 'broken.yaml',
);
const graphsOfExamples = fleets.map((name) => ({
  name,
  graph: graphOf(readFileSync(join(examples, name), 'utf8')),
}));

const modelOf = (graph: AccessGraph): IamModel => {
  const { model, problems } = buildModel(graph);
  expect(problems).toEqual([]);
  return model;
};

type Reader = (files: readonly OutputFile[], model: IamModel) => Carried;
const readers: Readonly<Record<Exclude<IamForm, 'eksctl' | 'aws-cli'>, Reader>> = {
  json: readJson,
  terraform: readTerraform,
  cloudformation: readCloudFormation,
};
/** Of a role that exists CloudFormation can say nothing in an account in which it makes nothing. */
function sayable(form: IamForm, carried: Carried, files: readonly OutputFile[]): Carried {
  if (form !== 'cloudformation') return carried;
  const made = (key: string) => files.some(({ path }) => path.includes(`/${key.slice(0, 12)}-iam`));
  const roles = Object.entries(carried.roles).filter(([key]) => made(key));
  return { ...carried, roles: Object.fromEntries(roles) };
}

describe.each(Object.entries(readers))('%s says what the model says', (name, read) => {
  const form = name as keyof typeof readers;
  const check = (graph: AccessGraph) => {
    const model = modelOf(graph);
    const files = forms[form](model, graph);
    expect(read(files, model)).toEqual(sayable(form, carriedBy(model), files));
    expectWellNamed(files);
  };

  it.each(graphsOfExamples)('$name', ({ graph }) => {
    check(graph);
  });

  it('whatever the texts in it', () => {
    fc.assert(fc.property(fitting, check), { numRuns: 150 });
  });
});

describe('eksctl says what the model and the graph say', () => {
  const check = (graph: AccessGraph) => {
    const files = forms.eksctl(modelOf(graph), graph);
    expect(readEksctl(files)).toEqual(eksctlOf(graph));
    expectWellNamed(files);
  };

  it.each(graphsOfExamples)('$name', ({ graph }) => {
    check(graph);
  });

  it('whatever the texts in it', () => {
    fc.assert(fc.property(fitting, check), { numRuns: 150 });
  });
});

const missing = missingPrograms();
const itRuns = missing === undefined ? it : it.skip;

describe(`the scripts ask of aws what the model says${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  const check = (graph: AccessGraph) => {
    const model = modelOf(graph);
    const files = forms['aws-cli'](model, graph);
    expect(readScripts(model, files)).toEqual(carriedBy(model));
    expectWellNamed(files);
  };

  // Each call takes a process: these two have every kind of thing.
  const some = graphsOfExamples.filter(({ name }) => /^(?:identities|seed-000)\.yaml$/.test(name));

  itRuns.each(some)('$name', ({ graph }) => {
    check(graph);
  });

  itRuns('whatever the texts in it', () => {
    fc.assert(fc.property(fitting, check), { numRuns: 4 });
  });
});

/** Those that are within the quotas: of random ones some are not. */
const fitting = graphs.filter((graph) => buildModel(graph).problems.length === 0);

/** Two files of one name, or a path that leads out, would be one file less. */
function expectWellNamed(files: readonly OutputFile[]): void {
  const paths = files.map(({ path }) => path.toLowerCase());
  expect(new Set(paths).size).toBe(paths.length);
  for (const path of paths) expect(path).toMatch(/^_[a-z-]+(?:\/[\w+=,.@-]+)+$/);
  // What an editor shows is what stands there.
  for (const { text } of files) expect(text).toMatch(/^[\n\x20-\x7e]*$/);
}

describe('what is rendered', () => {
  const graph = graphOfRoles([roleOf({ permissions: hops(2) })]);
  const foldersOf = (forms: readonly IamForm[]) => {
    const rendered = renderIam({ ...graph, iam: { ...graph.iam, forms } });
    if (rendered.kind === 'invalid') throw new Error(JSON.stringify(rendered.problems));
    expect(rendered.order.steps.map(({ action }) => action)).toEqual([
      'create-role',
      'put-permissions',
    ]);
    return [...new Set(rendered.files.map(({ path }) => path.split('/')[0]))];
  };

  it.each([
    [['json'], ['_iam']],
    [['terraform'], ['_iam', '_terraform']],
    [['cloudformation'], ['_iam', '_cloudformation']],
    [['aws-cli'], ['_iam', '_aws-cli']],
    [['eksctl'], ['_iam']],
    [
      ['cloudformation', 'json'],
      ['_iam', '_cloudformation'],
    ],
  ] as const)('%j: the folders %j, JSON and the order whatever the forms', (forms, folders) => {
    expect(foldersOf(forms)).toEqual(folders);
  });

  it('a template has at most 500 resources, and needs none of a later one', () => {
    const names = Array.from({ length: 1100 }, (_, index) => `role-${index}` as RoleName);
    const roles = names.map((name, index) =>
      roleOf({
        name,
        trusts: [{ kind: 'role', roleArn: arnOf(names[index === 0 ? 0 : index - 1] ?? '') }],
      }),
    );
    const all = graphOfRoles(roles);
    const files = forms.cloudformation(modelOf(all), all);
    expect(files.map(({ path }) => path)).toEqual(
      ['', '-2', '-3'].map((part) => `_cloudformation/${account}-iam${part}.json`),
    );
    for (const { text } of files) {
      expect(text.length).toBeLessThan(1_000_000);
      const { Resources } = JSON.parse(text) as {
        readonly Resources: Readonly<Record<string, { readonly DependsOn?: readonly string[] }>>;
      };
      const ids = Object.keys(Resources);
      expect(ids.length).toBeLessThanOrEqual(500);
      for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9]{1,255}$/);
      for (const { DependsOn = [] } of Object.values(Resources)) {
        expect(ids).toEqual(expect.arrayContaining([...DependsOn]));
      }
    }
    expect(readCloudFormation(files)).toEqual(carriedBy(modelOf(all)));
  });
});
