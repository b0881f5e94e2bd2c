import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { planMigration } from '../../src/aws-auth/migration.ts';
import { migrationScript } from '../../src/cli/aws-auth/migration-script.ts';
import { shellLine } from '../../src/cli/aws-auth/shell.ts';
import { startTarget, type TestTarget } from './support/aws-auth.ts';
import { missingPrograms } from '../iam/support/run-script.ts';
import { runMigration, type MigratedWorld, type MigrationEnd } from './support/run-migration.ts';
import { dataFormats } from './support/run.ts';

const role = (name: string): string => `arn:aws:iam::508208880112:role/${name}`;
const live = {
  mapRoles: `- {rolearn: "${role('node')}", username: "system:node:{{EC2PrivateDNSName}}", groups: ["system:bootstrappers", "system:nodes"]}
- {rolearn: "${role('admin')}", username: admin, groups: ["system:masters", "it's"]}
# rollcall: fleet grada, ${role('sts-prd-js-encryption-role')}
- {rolearn: "${role('sts-prd-js-encryption-role')}", username: sts}
`,
  mapAccounts: '- "508208880112"\n',
};
const cluster = {
  name: 'golf-prd',
  eksCluster: 'golf-prd-cluster',
  region: 'eu-west-1',
  account: '508208880112',
  partition: 'aws',
};

let target: TestTarget;
let folder: string;
beforeAll(async () => {
  target = await startTarget();
  folder = mkdtempSync(join(tmpdir(), 'rollcall-migrate-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await target.close();
});

describe('migrate', () => {
  it('prints a plan, and writes nothing', async () => {
    await target.reset(live);
    const stored = target.live();
    const { code, stdout, stderr } = await target.run(['migrate']);
    expect(code).toBe(0);
    expect(stderr).toBe(
      'context golf-prd, ConfigMap kube-system/aws-auth\n1 of aws-auth can’t be migrated as it stands: see what is left.\n',
    );
    expect(stdout).toContain(
      `mapRoles  ${role('admin')}                       STANDARD   user admin  it's,AmazonEKSClusterAdminPolicy\n`,
    );
    expect(stdout).toMatch(
      /^left in mapAccounts: - "508208880112"\\u\{a\}|^left in mapAccounts: /m,
    );
    expect(stdout).toContain('\n5. Take the entries out of aws-auth, nodes last\n');
    expect(stdout).toContain('     rollcall aws-auth remove --cluster golf-prd\n');
    expect(stdout).toContain('\n   Not yet: 1 entry is left in aws-auth: see what is left.\n');
    expect(target.live()).toEqual(stored);
  });

  it.each(dataFormats)('as %s', async (format, read) => {
    await target.reset(live);
    const { code, stdout, stderr } = await target.run(['migrate', '-o', format]);
    expect([code, stderr]).toEqual([0, '']);
    expect(read(stdout)).toMatchObject({
      fleet: 'grada',
      cluster,
      entries: [
        { principalArn: role('admin'), type: 'STANDARD', owner: 'someone else' },
        { principalArn: role('sts-prd-js-encryption-role'), owner: 'fleet' },
        { principalArn: role('node'), type: 'EC2_LINUX' },
      ],
      leftovers: [{ section: 'mapAccounts' }],
      steps: Array.from({ length: 6 }, (_, index) => ({ step: index + 1 })),
    });
  });

  it('refuses what it can’t read, and a cluster without aws-auth', async () => {
    await target.reset({ mapRoles: '- [' });
    const broken = await target.run(['migrate', '-o', 'script']);
    expect([broken.code, broken.stdout]).toEqual([1, '']);
    expect(broken.stderr).toMatch(/^aws-auth\/unreadable context golf-prd, .*, mapRoles\n/);
    await target.reset();
    const none = await target.run(['migrate']);
    expect(none.stderr).toMatch(/^aws-auth\/no-config-map /);
  });
});

const missing = missingPrograms();
const itRuns = missing === undefined ? it : it.skip;

describe(`the script${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  const callsOf = (script: string, world: MigratedWorld = {}) =>
    runMigration(folder, script, { account: cluster.account, ...world });
  const verbs = ({ calls }: MigrationEnd) => calls.map(([, verb]) => verb);

  itRuns('runs the steps that take nobody’s access away', async () => {
    await target.reset(live);
    const { stdout } = await target.run(['migrate', '-o', 'script']);
    const done = callsOf(stdout);
    expect(done.status).toBe(0);
    expect(verbs(done)).toEqual([
      'get-caller-identity',
      'describe-cluster',
      'update-cluster-config',
      'wait',
      ...['describe-access-entry', 'create-access-entry', 'associate-access-policy'],
      ...['describe-access-entry', 'create-access-entry'],
      ...['describe-access-entry', 'create-access-entry'],
      'list-access-entries',
      ...['describe-access-entry', 'describe-access-entry', 'describe-access-entry'],
    ]);
    expect(stdout).toMatch(/^# rollcall aws-auth remove --cluster golf-prd$/m);
    expect(stdout).toMatch(/^# Not yet: /m);
    const created = done.calls.find(([, verb]) => verb === 'create-access-entry');
    expect(JSON.parse(created?.at(-1) ?? '')).toEqual({
      clusterName: 'golf-prd-cluster',
      principalArn: role('admin'),
      type: 'STANDARD',
      username: 'admin',
      kubernetesGroups: ["it's"],
    });
  });

  itRuns('goes on where it has been, and leaves what is there', async () => {
    await target.reset(live);
    const { stdout } = await target.run(['migrate', '-o', 'script']);
    const again = callsOf(stdout, { mode: 'API_AND_CONFIG_MAP', has: 'role/node' });
    expect(again.status).toBe(0);
    expect(verbs(again)).not.toContain('update-cluster-config');
    expect(verbs(again).filter((verb) => verb === 'create-access-entry')).toHaveLength(2);
  });

  itRuns.each([{ account: '111122223333' }, { mode: 'API' }])('stops with %j', async (what) => {
    await target.reset(live);
    const { stdout } = await target.run(['migrate', '-o', 'script']);
    const { status, calls } = callsOf(stdout, what);
    expect(status).toBe(1);
    expect(calls.length).toBeLessThanOrEqual(2);
  });

  itRuns('carries any name unharmed, and nothing breaks out of it', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.constantFrom(
        "'; touch owned; '",
        '$(touch owned)',
        '`touch owned`',
        'a\ntouch owned\n',
        '\u202e',
        'file:///etc/passwd',
        '--debug',
        '\\',
        '!!',
      ),
    );
    fc.assert(
      fc.property(hostile, hostile, hostile, fc.boolean(), (username, group, account, isOwn) => {
        const mapRoles = JSON.stringify([{ rolearn: role('a'), username, groups: [group] }]);
        const mapAccounts = JSON.stringify([account]);
        const planned = planMigration({ mapRoles, mapAccounts }, cluster, {
          own: isOwn ? [role('a')] : [],
          tags: { 'rollcall.dev/fleet': 'grada' },
          asked: [{ principalArn: role('a'), username: 'a', groups: [], policies: [] }],
          byEntries: false,
        });
        if (planned.kind === 'refused') throw new Error(planned.code);
        const script = migrationScript(planned.plan, 'grada');
        expect(script).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/u);
        const { status, calls } = callsOf(script);
        expect(status).toBe(0);
        expect(calls.every(([service]) => service === 'eks' || service === 'sts')).toBe(true);
        const created = calls.filter(([, verb]) => verb === 'create-access-entry');
        expect(created).toHaveLength(planned.plan.entries.length);
        for (const call of created) {
          const input = call[call.indexOf('--cli-input-json') + 1];
          expect(JSON.parse(input ?? '')).toMatchObject({
            username,
            kubernetesGroups: [group],
          });
        }
        expect(() => readFileSync(join(folder, 'owned'))).toThrow('ENOENT');
      }),
      { numRuns: 25 },
    );
  });

  it('quotes words for a shell', () => {
    expect(shellLine(['a-b=c', '', "it's", '$x', '*'])).toBe(`a-b=c '' 'it'\\''s' '$x' '*'`);
  });
});
