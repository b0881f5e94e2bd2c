import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { iamForms, type IamForm } from '../../src/fleet/model.ts';
import { buildModel } from '../../src/iam/build-model.ts';
import { forms } from '../../src/iam/forms.ts';
import { literal } from '../../src/iam/terraform/configuration.ts';
import { graphOf } from '../access/support/plan.ts';
import { hostile } from '../iam/support/hostile.ts';
import { missingPrograms, priorOf, runScript } from '../iam/support/run-script.ts';
import { resourcesIn, standIn } from './support/iam/stand-in.ts';
import { callFindings, pythonTools, runPython, schemaFindings } from './support/iam/python.ts';
import { binary } from './support/process/binaries.ts';
import { run } from './support/process/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-iam-forms-'));
const examples = join(import.meta.dirname, '..', '..', 'examples');

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Each example in every form, written to a folder of its own. */
const fleets = readdirSync(examples)
  .filter((name) => name.endsWith('.yaml') && !/(?:\.prior|^broken)\.yaml$/.test(name))
  .map((name) => {
    const graph = graphOf(readFileSync(join(examples, name), 'utf8'));
    const { model } = buildModel(graph);
    const files = iamForms.flatMap((form) => forms[form](model, graph));
    const place = join(folder, basename(name, '.yaml'));
    for (const { path, text } of files) {
      mkdirSync(dirname(join(place, path)), { recursive: true });
      writeFileSync(join(place, path), text);
    }
    return { name, model, files, place };
  });

const filesOf = (form: IamForm) =>
  fleets.flatMap(({ place, files }) =>
    files.flatMap((file) =>
      file.path.startsWith(`_${form}/`) ? [{ ...file, at: join(place, file.path) }] : [],
    ),
  );

const tools = pythonTools();
/** Its entry point: it is no module that could be run. */
const cfnLint = 'from cfnlint.runner import main; main()';
const python = tools.kind === 'ready' ? tools.python : '';
const withPython = tools.kind === 'ready' ? it : it.skip;
const orWhy = tools.kind === 'ready' ? '' : ` (skipped: ${tools.why})`;

describe(`CloudFormation, by cfn-lint${orWhy}`, () => {
  const lint = (files: readonly string[]): unknown =>
    JSON.parse(runPython(python, ['-c', cfnLint, '--format', 'json', '-t', ...files]));

  withPython('finds nothing in any template, not so much as a warning', () => {
    const templates = filesOf('cloudformation').map(({ at }) => at);
    expect(templates.length).toBeGreaterThan(20);
    expect(lint(templates)).toEqual([]);
  });

  withPython('would find a slip', () => {
    const slips = [
      ['"AWS::IAM::Role"', '"AWS::IAM::Rolle"'],
      ['"AssumeRolePolicyDocument"', '"AssumeRolePolicy"'],
      ['"MaxSessionDuration": 3600', '"MaxSessionDuration": 36'],
      ['"DisableSessionTags": false', '"DisableSessionTags": "perhaps"'],
      ['"PrincipalArn"', '"PrincipalARN"'],
      ['"DependsOn": [\n        "', '"DependsOn": [\n        "No'],
    ] as const;
    const files = slips.map(([right, slip], index) => {
      const template = filesOf('cloudformation').find(({ text }) => text.includes(right));
      const file = join(folder, `slip-${index}.json`);
      writeFileSync(file, template?.text.replace(right, slip) ?? '');
      return file;
    });
    const found = lint(files) as readonly { readonly Filename: string }[];
    expect([...new Set(found.map(({ Filename }) => Filename))].sort()).toEqual(files);
  });
});

describe('Terraform, by OpenTofu', () => {
  const tofu = (cwd: string, ...args: readonly string[]) =>
    run(binary('tofu'), [...args, '-no-color'], {
      cwd,
      environment: { TF_CLI_CONFIG_FILE: '/dev/null', CHECKPOINT_DISABLE: '1' },
    });
  const write = (place: string, files: Readonly<Record<string, string>>): void => {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(place, path)), { recursive: true });
      writeFileSync(join(place, path), text);
    }
  };
  const terraformOf = ({ files }: (typeof fleets)[number]): Readonly<Record<string, string>> =>
    Object.fromEntries(
      files
        .filter(({ path }) => path.startsWith('_terraform/'))
        .map(({ path, text }) => [path.replace('_terraform/', ''), text]),
    );
  const end = async (cwd: string, ...args: readonly string[]) => {
    const { code, stdout, stderr } = await tofu(cwd, ...args);
    return { code, said: code === 0 ? stderr : stderr + stdout };
  };

  // As much as goes without a registry: the provider itself is not there to be asked.
  it.each(fleets)('finds the modules of $name, and their providers', async ({ place, model }) => {
    const at = join(place, '_terraform');
    expect(await end(at, 'get')).toEqual({ code: 0, said: '' });
    const { code, stdout } = await tofu(at, 'providers');
    expect(code).toBe(0);
    for (const { id } of model.accounts) expect(stdout).toContain(`module.account_${id}`);
  });

  it.each(fleets)('can carry out $name, in its order', async (fleet) => {
    const place = mkdtempSync(join(folder, 'stand-in-'));
    write(place, standIn(terraformOf(fleet)));
    expect(await end(place, 'init')).toEqual({ code: 0, said: '' });
    expect(await end(place, 'apply', '-auto-approve')).toEqual({ code: 0, said: '' });
    const { stdout } = await tofu(place, 'state', 'list');
    expect(stdout.trim().split('\n')).toHaveLength(resourcesIn(terraformOf(fleet)));
  });

  it.each([
    ['a provider that is passed on to nobody', '"configuration_aliases"', '"aliases"'],
    ['a module elsewhere', '"source": "./', '"source": "./other/'],
    ['an output that is not there', '.role_eks', '.rolle_eks'],
    ['an input that is not there', '"variable"', '"//variable"'],
    ['a resource that is not there', '${aws_iam_role.', '${aws_iam_role.x'],
    ['a dependency that is not there', '"aws_iam_role.', '"aws_iam_role.x'],
    ['an expression that is none', '${aws_iam_role.', '${aws_iam_role,'],
  ])('would find a slip: %s', async (_, right, slip) => {
    const [fleet] = fleets.filter(({ name }) => name === 'identities.yaml');
    const files = fleet ? terraformOf(fleet) : {};
    const slipped = Object.fromEntries(
      Object.entries(files).map(([path, text]) => [path, text.replaceAll(right, slip)]),
    );
    expect(slipped).not.toEqual(files);
    const place = mkdtempSync(join(folder, 'slip-'));
    write(join(place, 'as-it-is'), slipped);
    write(join(place, 'stand-in'), standIn(slipped));
    const ends = [
      await end(join(place, 'as-it-is'), 'get'),
      await end(join(place, 'stand-in'), 'init'),
      await end(join(place, 'stand-in'), 'apply', '-auto-approve'),
    ];
    expect(Math.max(...ends.map(({ code }) => code))).toBeGreaterThan(0);
  });

  it('reads every text as it was written', async () => {
    // A byte order mark at the very beginning is left out; no tag of IAM's may hold one.
    const texts = hostile.flatMap((text) => [
      `|${text}`,
      `$${text}`,
      `%${text}`,
      `|${text}{`,
      `$\{${text}`,
    ]);
    const place = join(folder, 'texts');
    mkdirSync(place);
    const output = Object.fromEntries(
      texts.map((text, index) => [`t${index}`, { value: literal(text) }]),
    );
    writeFileSync(join(place, 'main.tf.json'), JSON.stringify({ output }));
    expect(await tofu(place, 'apply', '-auto-approve')).toMatchObject({ code: 0, stderr: '' });
    const { stdout } = await tofu(place, 'output', '-json');
    const read = JSON.parse(stdout) as Readonly<Record<string, { readonly value: string }>>;
    expect(texts.map((_, index) => read[`t${index}`]?.value)).toEqual(texts);
  });
});

describe(`the scripts’ calls, by botocore’s description of the API${orWhy}`, () => {
  const missing = missingPrograms();
  const withBoth = missing === undefined ? withPython : it.skip;
  const [fleet] = fleets.filter(({ name }) => name === 'identities.yaml');

  withBoth(
    `have the parameters that AWS knows${missing === undefined ? '' : ` (skipped: ${missing})`}`,
    () => {
      const calls = (fleet?.model.accounts ?? []).flatMap(({ id }) => {
        const file = fleet?.files.find(({ path }) => path === `_aws-cli/${id}.sh`);
        if (!fleet || !file) throw new Error(`no script for ${id}`);
        return runScript(file, id, priorOf(fleet.model, id)).calls.slice(1);
      });
      expect(calls.length).toBeGreaterThan(20);
      expect(callFindings(python, calls)).toEqual([]);
      const slips = calls.map(([service = '', operation = '', option = '', input = '']) => [
        ...[service, operation, option],
        input.replace(/"(\w+)":/, '"$1s":'),
      ]);
      expect(callFindings(python, slips)).toHaveLength(slips.length);
    },
  );
});

/** What eksctl prints of itself; its Go module is not served whole, so that it can't be built here. */
function eksctlSchema(): unknown {
  const { status, stdout } = spawnSync('eksctl', ['utils', 'schema'], { encoding: 'utf8' });
  return status === 0 ? JSON.parse(stdout) : undefined;
}

describe('eksctl, by its own schema', () => {
  const schema = eksctlSchema();
  const withSchema = schema === undefined ? it.skip : withPython;
  const why = schema === undefined ? ' (skipped: eksctl is not installed)' : orWhy;

  withSchema(`has nothing against any ClusterConfig${why}`, () => {
    const configs = filesOf('eksctl').map(({ text }) => parse(text) as object);
    expect(configs.length).toBeGreaterThan(20);
    expect(schemaFindings(python, schema, configs)).toEqual([]);
    const slips = configs.map((config) => ({ ...config, slip: true }));
    expect(schemaFindings(python, schema, slips)).toHaveLength(slips.length);
  });
});
