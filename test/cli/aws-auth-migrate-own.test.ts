import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { graphOf } from '../access/support/plan.ts';
import { run } from '../iam/support/run-account.ts';
import { missingPrograms, type Answer } from '../iam/support/run-script.ts';
import { startTarget, type TestTarget } from './support/aws-auth.ts';
import { runMigration } from './support/run-migration.ts';

const account = '508208880112';
const role = (name: string): string => `arn:aws:iam::${account}:role/${name}`;
const admin = 'AmazonEKSClusterAdminPolicy';
const people = [
  { name: 'ann', arn: `arn:aws:iam::${account}:user/ann`, rights: [{ level: 'view' }] },
  { name: 'ops', role: { name: 'ops', trusted: [`arn:aws:iam::${account}:user/ann`] }, groups: ['z', 'a'] },
]; // prettier-ignore
const chief = {
  name: 'chief',
  arn: role('aws-reserved/sso.amazonaws.com/AWSReservedSSO_Chief_01'),
};

/** The same fleet before and after: its cluster's way in, and what its chief has there. */
const fleetOf = (accessControl: string, chiefs: object): string =>
  JSON.stringify({
    apiVersion: 'rollcall.dev/v1alpha1',
    kind: 'Fleet',
    name: 'grada',
    accounts: { golf: account },
    iam: { path: '/team/', tags: { owner: 'us' } },
    clusters: [
      {
        name: 'golf-prd',
        account: 'golf',
        region: 'eu-west-1',
        eksCluster: 'golf-prd-cluster',
        accessControl,
      },
    ],
    services: [
      {
        name: 'lambda',
        env: 'prd',
        account: 'golf',
        role: 'lambda',
        reach: [{ clusters: ['golf-prd'], role: 'sts' }],
      },
    ],
    users: [...people, { ...chief, ...chiefs }].map((one) => ({ ...one, clusters: ['golf-prd'] })),
  });
const before = fleetOf('aws-auth', { groups: ['system:masters'], breakGlass: true });
const after = fleetOf('access-entries', { accessPolicies: [{ policy: admin }], breakGlass: true });

let target: TestTarget;
let folder: string;
let files: { readonly before: string; readonly after: string };
beforeAll(async () => {
  target = await startTarget();
  folder = mkdtempSync(join(tmpdir(), 'rollcall-migrate-own-'));
  files = { before: join(folder, 'before.yaml'), after: join(folder, 'after.yaml') };
  writeFileSync(files.before, before);
  writeFileSync(files.after, after);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await target.close();
});

/** What the migration of the fleet's entries changes in EKS. */
async function migrated(file: string) {
  await target.reset({ mapRoles: '' });
  expect((await target.run(['apply', '-f', files.before])).code).toBe(0);
  const { stdout } = await target.run(['migrate', '-o', 'script', '-f', file]);
  const { status, calls } = runMigration(folder, stdout, { account, mode: 'API_AND_CONFIG_MAP' });
  expect(status).toBe(0);
  return calls.filter(([, verb = '']) => /^(?:create|associate|update|dis)/.test(verb));
}

const inputOf = (call: readonly string[]) =>
  JSON.parse(call[call.indexOf('--cli-input-json') + 1] ?? '') as Readonly<Record<string, unknown>>;

/** What the form aws-cli changes in EKS. */
const formed = (answers: readonly Answer[] = []) => {
  const { code, changes } = run(graphOf(after), answers, account);
  return { code, changes: changes.filter(({ call }) => call.startsWith('eks ')) };
};

/** In the order of the entries, each with its policies. */
const sorted = (calls: readonly { readonly call: string; readonly input: object }[]) =>
  calls.map((one) => JSON.stringify(one)).sort();

const missing = missingPrograms();
const itRuns = missing === undefined ? it : it.skip;

describe(`the fleet’s own entries${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  itRuns.each(['before', 'after'] as const)(
    'are made as the form aws-cli makes them, the file as %s',
    async (file) => {
      const calls = (await migrated(files[file])).map((call) => ({
        call: call.slice(0, 2).join(' '),
        input: inputOf(call),
      }));
      const form = formed();
      expect(form.code).toBe(0);
      expect(form.changes).toHaveLength(5);
      expect(sorted(calls)).toEqual(sorted(form.changes));
    },
  );

  it.each(['table', 'script'])('who has less by the file is named in the %s', async (format) => {
    const less = join(folder, 'less.yaml');
    writeFileSync(less, fleetOf('access-entries', { groups: ['readers'] }));
    await target.reset({ mapRoles: '' });
    await target.run(['apply', '-f', files.before]);
    const { stdout } = await target.run(['migrate', '-o', format, '-f', less]);
    expect(stdout).toMatch(
      /^(?:# {3})?less for \S+Chief_01 than aws-auth gives it: without group system:masters$/m,
    );
    const same = await target.run(['migrate', '-o', format, '-f', files.after]);
    expect(same.stdout).not.toContain('less for ');
    expect(same.stdout).not.toContain('but for');
  });

  it.each(['table', 'script'])(
    'who has left the file gets none, and is named: %s',
    async (format) => {
      const gone = join(folder, 'gone.yaml');
      writeFileSync(gone, before.replaceAll('"name":"ops"', '"name":"new-ops"'));
      await target.reset({ mapRoles: '' });
      await target.run(['apply', '-f', files.before]);
      const { stdout } = await target.run(['migrate', '-o', format, '-f', gone]);
      expect(stdout).toContain(role('ops'));
      expect(stdout).toContain('which no longer lets it in');
      expect(stdout).toContain('`rollcall aws-auth apply --cluster golf-prd`');
    },
  );

  itRuns('so that it changes nothing afterwards', async () => {
    const calls = (await migrated(files.before)).map(inputOf);
    const made = calls.filter((input) => 'type' in input);
    const answers = made.flatMap((input): readonly Answer[] => {
      const { clusterName, principalArn } = input;
      const policies = calls.filter(
        (one) => one.principalArn === principalArn && 'policyArn' in one,
      );
      const key = { clusterName, principalArn };
      return [
        { call: 'eks describe-access-entry', input: key, answer: { accessEntry: input } },
        {
          call: 'eks list-associated-access-policies',
          input: key,
          answer: { associatedAccessPolicies: policies },
        },
      ];
    });
    expect(made).toHaveLength(4);
    const { code, changes } = formed(answers);
    // A policy is associated each time: for EKS that is no change.
    expect([code, changes.map(({ call }) => call)]).toEqual([0, ['eks associate-access-policy']]);
  });

  itRuns('in the plan’s commands too', async () => {
    await target.reset({ mapRoles: '' });
    await target.run(['apply', '-f', files.before]);
    const { stdout } = await target.run(['migrate', '-o', 'json', '-f', files.before]);
    const { steps } = JSON.parse(stdout) as {
      steps: readonly { commands: readonly { argv: readonly string[] }[] }[];
    };
    const inputs = (steps[1]?.commands ?? [])
      .map(({ argv }) => argv)
      .filter((argv) => argv.includes('create-access-entry'))
      .map((argv) => ({ kubernetesGroups: [], ...inputOf(argv) }));
    const form = formed().changes.filter(({ call }) => call === 'eks create-access-entry');
    expect(inputs).toEqual(expect.arrayContaining(form.map(({ input }) => input)));
    expect(inputs).toHaveLength(form.length);
  });

  it('stay in aws-auth, whatever the file says, until someone has looked', async () => {
    await target.reset({ mapRoles: '' });
    await target.run(['apply', '-f', files.before]);
    const stored = target.live();
    const diff = await target.run(['diff', '-f', files.after]);
    expect(diff.code).toBe(2);
    expect(diff.stderr).toMatch(/^rollcall aws-auth remove writes this, once /m);
    const apply = await target.run(['apply', '-f', files.after]);
    expect(apply.code).toBe(1);
    expect(apply.stderr).toMatch(/^aws-auth\/needs-check /);
    expect(apply.stderr).toContain('4 entries of fleet grada');
    expect(apply.stderr).toContain('`rollcall aws-auth migrate --cluster golf-prd`');
    expect(target.live()).toEqual(stored);
    expect((await target.run(['remove', '-f', files.after])).code).toBe(0);
    expect((await target.run(['apply', '-f', files.after])).code).toBe(0);
  });
});
