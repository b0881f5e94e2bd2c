import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { inTemporaryFolderAsync, namesIn } from '../charts/support/folders.ts';
import { run } from './support/run.ts';

const lines = (text: string) => text.split('\n').filter((line) => /^[+~-] /.test(line));
const words = (text: string) => lines(text).map((line) => line.replace(/ +/g, ' '));

describe('plan --migrate', () => {
  it('irsa: the agent goes, the ServiceAccount is annotated, its role trusts it and nobody else', () =>
    inTemporaryFolderAsync(async (folder) => {
      const argv = ['plan', 'examples/seed-002.yaml', '--migrate', 'irsa', '-d', folder];
      const { code, stdout, stderr } = await run(argv);
      expect([code, stderr]).toEqual([0, '']);
      const changes = words(stdout);
      expect(changes).toEqual(
        expect.arrayContaining([
          '- opsfleet-test DaemonSet kiam/kiam-agent',
          '- opsfleet-test DaemonSet kiam/kiam-server',
          '- opsfleet-test Namespace kiam no longer generated, and stays',
          '~ opsfleet-test Namespace test-s3',
          '~ opsfleet-test ServiceAccount test-s3/test-s3',
          '~ iam 222233334444/test-s3/trust-policy.json',
          '- iam 222233334444/opsfleet-test-kiam-server/trust-policy.json',
          '- iam 222233334444/opsfleet-test-kiam-server-nodes/permission-statements-to-add.json: RollcallOpsfleetAssumeTargetRoles',
        ]),
      );
      // What its role may do is the same.
      expect(changes.filter((line) => line.includes('/test-s3/permissions.json'))).toEqual([]);
      expect(namesIn(folder)).toEqual([]);
    }));

  it('says the steps by which no pod is without an identity, for machines too', async () => {
    const argv = ['plan', 'examples/seed-002.yaml', '--migrate', 'irsa'];
    const { stdout } = await run(argv);
    const steps = stdout.slice(stdout.indexOf('\n1. '));
    expect(steps).toMatch(/^\n1\. Say the move .*: roles then trust both ways\.\n/);
    expect(steps).toContain('\n     test-s3: podIdentity: irsa, migratingFrom: kiam\n');
    expect(steps).toContain('\n2. Restart every workload ');
    expect(steps).toContain('\n     opsfleet-test test-s3/test-s3\n');
    expect(steps).toContain('\n3. Take migratingFrom out; ');
    const data = JSON.parse((await run([...argv, '-o', 'json'])).stdout) as { migration: object[] };
    expect(data.migration).toHaveLength(3);
    const plain = await run(['plan', 'examples/seed-002.yaml', '-d', 'absent', '-o', 'json']);
    expect(JSON.parse(plain.stdout)).not.toHaveProperty('migration');
  });

  it('and what the first step says is a sound fleet, which tells that the move is open', () =>
    inTemporaryFolderAsync(async (folder) => {
      const file = join(folder, 'fleet.yaml');
      const text = readFileSync('examples/seed-002.yaml', 'utf8');
      writeFileSync(
        file,
        text.replace('podIdentity: kiam', 'podIdentity: irsa\n    migratingFrom: kiam'),
      );
      const { code, stderr, stdout } = await run(['plan', file, '-d', join(folder, 'dist')]);
      expect([code, stdout.includes('DaemonSet kiam/kiam-agent')]).toEqual([0, true]);
      expect(stderr).toContain('finding/open-migration');
      expect(stderr).not.toContain('finding/legacy-identity');
    }));

  it('compares with the fleet file as it is, whatever was generated before', () =>
    inTemporaryFolderAsync(async (folder) => {
      const dist = join(folder, 'dist');
      const argv = ['plan', 'examples/seed-002.yaml', '--migrate', 'eks-pod-identity', '-d', dist];
      const before = await run(argv);
      await run(['synth', 'examples/seed-002.yaml', '-d', dist]);
      expect(await run(argv)).toEqual(before);
      expect(before.stdout).toContain('pod-identity-association/');
    }));

  it('changes nothing of a fleet without a legacy identity', async () => {
    const { code, stdout } = await run([
      ...['plan', 'examples/seed-000.yaml', '--migrate', 'irsa', '--detailed-exitcode'],
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Nothing to change\.\n/);
  });

  it('is an error, once, at the cluster that can’t have it', async () => {
    const { code, stdout, stderr } = await run([
      ...['plan', 'examples/seed-004.yaml', '--migrate', 'irsa'],
    ]);
    expect([code, stdout]).toEqual([1, '']);
    const heads = [...stderr.matchAll(/^(access\/migration) examples\/seed-004\.yaml:\d+:\d+$/gm)];
    expect(heads).toHaveLength(1);
    expect(stderr).toContain('no oidcIssuer');
    const moved = await run(['plan', 'examples/seed-004.yaml', '--migrate', 'eks-pod-identity']);
    expect(moved.code).toBe(0);
    expect(moved.stderr).not.toContain('finding/legacy-identity');
  });

  it('finds the legacy identities where nothing is moved', async () => {
    const { stderr } = await run(['plan', 'examples/seed-002.yaml', '-d', 'absent']);
    expect(stderr).toMatch(/^\nfinding\/legacy-identity examples\/seed-002\.yaml:\d+:\d+$/m);
    expect(stderr).toContain('rollcall plan --migrate irsa');
  });
});
