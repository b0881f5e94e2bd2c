import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { exampleText } from '../charts/support/examples.ts';
import { contentOf, inTemporaryFolderAsync, namesIn } from '../charts/support/folders.ts';
import { dataFormats, run } from './support/run.ts';

const seed = 'examples/seed-000.yaml';
const stamps = (text: string) => text.split('\n').filter((line) => /^[+~-] /.test(line));

/** A folder with the fleet file `fleet.yaml` and its output `dist`. */
const synthesised = (work: (fleet: string, dist: string) => Promise<void>): Promise<void> =>
  inTemporaryFolderAsync(async (folder) => {
    const [fleet, dist] = [join(folder, 'fleet.yaml'), join(folder, 'dist')];
    writeFileSync(fleet, exampleText('seed-000'));
    await run(['synth', fleet, '-d', dist]);
    await work(fleet, dist);
  });

describe('plan', () => {
  it('shows all as added where there is nothing, when the restart comes, and writes nothing', () =>
    inTemporaryFolderAsync(async (folder) => {
      const dist = join(folder, 'dist');
      const { code, stdout, stderr } = await run(['plan', seed, '-d', dist]);
      expect([code, stderr]).toEqual([0, '']);
      const lines = stamps(stdout);
      expect(lines).toContain('+ ci        CronJob sts/after-key-creation');
      expect(lines.every((line) => line.startsWith('+ '))).toBe(true);
      // Monday 02:15 in London, which has no summer time in November.
      expect(stdout).toContain(
        'Restart after-key-creation: "15 2 * * 1" Europe/London, next 2026-11-23T02:15:00Z\n',
      );
      expect(stdout).toContain('  golf-pp   Deployment sts/sts-js-avro-encryption-processor\n');
      expect(stdout).toMatch(
        new RegExp(`\n${lines.length} to add, 0 to change, 0 to remove; 1 restart scheduled.\n$`),
      );
      expect(namesIn(folder)).toEqual([]);
    }));

  it('shows what is changed and removed, and nothing of what is not', () =>
    synthesised(async (fleet, dist) => {
      expect((await run(['plan', fleet, '-d', dist])).stdout).toMatch(/^Nothing to change\.\n/);
      const before = contentOf(dist);
      const text = exampleText('seed-000')
        .replace("'15 2 * * 1'", "'16 2 * * 1'")
        .replace('      - clusters: { team: golf, env: dev }\n', '')
        .replace('clusters: { team: golf }', 'clusters: [golf-prd, golf-pp]');
      writeFileSync(fleet, text);
      const { stdout } = await run(['plan', fleet, '-d', dist]);
      expect(stamps(stdout)).toEqual([
        '~ ci        ConfigMap sts/after-key-creation-plan',
        '~ ci        CronJob sts/after-key-creation',
        '- golf-dev  Role sts/rollcall:grada:key-restarter',
        '- golf-dev  RoleBinding sts/rollcall:grada:key-restarter',
        '- golf-dev  aws-auth arn:aws:iam::111122223333:role/eks-key-restarter-prd',
        '- iam       111122223333/eks-key-restarter-prd/permissions.json',
        '- iam       111122223333/eks-key-restarter-prd/trust-policy.json',
        '~ iam       903716715040/eks-key-restarter-prd/permissions.json',
      ]);
      expect(stdout).toContain('\n0 to add, 3 to change, 5 to remove; 1 restart scheduled.\n');
      expect(contentOf(dist)).toEqual(before);
    }));

  it('shows which access is new, gone or unchanged', () =>
    synthesised(async (fleet, dist) => {
      expect((await run(['plan', fleet, '-d', dist])).stdout).toContain(
        '\nAccess: 0 new, 0 gone, 16 unchanged\n',
      );
      const text = exampleText('seed-000')
        .replace('      - clusters: { team: golf, env: dev }\n', '')
        .replace('clusters: { team: golf }', 'clusters: [golf-prd, golf-pp]')
        .replace(', sts-js-avro-decryption-processor]', ', other]');
      writeFileSync(fleet, text);
      const { stdout } = await run(['plan', fleet, '-d', dist]);
      expect(stdout).toContain(
        '\nAccess: 2 new, 7 gone, 9 unchanged\n  + arn:aws:iam::444455556666:',
      );
      expect(stdout).toMatch(/^ {2}- arn:\S+:role\/eks-key-restarter-prd +→ {2}golf-dev +as /m);
      const data = JSON.parse(
        (await run(['plan', fleet, '-d', dist, '-o', 'json'])).stdout,
      ) as object;
      expect(data).toMatchObject({
        accessChanges: { added: { length: 2 }, removed: { length: 7 }, unchanged: 9 },
      });
    }));

  it('shows what was edited or is gone in the folder', () =>
    synthesised(async (fleet, dist) => {
      writeFileSync(join(dist, 'ci/hub.k8s.yaml'), 'edited');
      rmSync(join(dist, 'golf-pp/target.k8s.yaml'));
      const { stdout } = await run(['plan', fleet, '-d', dist]);
      expect(stdout).toMatch(
        /\nIn the output folder:\n {2}ci\/hub\.k8s\.yaml +edited since: .*\n {2}golf-pp\/\S+ +gone since: /,
      );
      const { stdout: json } = await run(['plan', fleet, '-d', dist, '-o', 'json']);
      expect(JSON.parse(json)).toMatchObject({
        folder: { edited: ['ci/hub.k8s.yaml'], missing: ['golf-pp/target.k8s.yaml'], inTheWay: [] },
      });
    }));

  it('--detailed-exitcode: 0 nothing, 1 error, 2 something', () =>
    synthesised(async (fleet, dist) => {
      const codeOf = async (...argv: readonly string[]) =>
        (await run(['plan', ...argv, '--detailed-exitcode'])).code;
      expect(await codeOf(fleet, '-d', dist)).toBe(0);
      expect(await codeOf(fleet, '-d', `${dist}-2`)).toBe(2);
      expect(await codeOf('examples/broken.yaml', '-d', dist)).toBe(1);
      rmSync(join(dist, 'ci/hub.k8s.yaml'));
      expect(await codeOf(fleet, '-d', dist)).toBe(2);
      expect((await run(['plan', fleet, '-d', dist])).code).toBe(0);
    }));

  it.each(dataFormats)('-o %s holds all that is resolved', (format, read) =>
    inTemporaryFolderAsync(async (folder) => {
      const { code, stdout } = await run(['plan', seed, '-d', folder, '-o', format]);
      expect(code).toBe(0);
      const data = read(stdout) as { changes: readonly unknown[] };
      expect(data).toMatchObject({
        summary: { added: data.changes.length, changed: 0, removed: 0 },
        restarts: [{ next: '2026-11-23T02:15:00Z', plan: { restart: 'after-key-creation' } }],
        access: { fleet: 'grada' },
        apply: { steps: { length: 8 } },
      });
      expect(stdout).not.toMatch(/: &|: \*a\d/);
    }),
  );

  it('shows waves, paused clusters, and what a selector asks for', async () => {
    const { stdout } = await run(['plan', 'examples/strategy.yaml', '-d', 'absent']);
    for (const line of [
      '  apple-canary  wave canary  StatefulSet keys/key-store',
      '  pear-prd      wave rest    Deployment web -l app.kubernetes.io/part-of=keys',
      '  pear-old      paused       Rollout web/storefront',
    ])
      expect(stdout).toContain(`\n${line}\n`);
  });

  it('a restart that is suspended has no next time', async () => {
    const { stdout } = await run(['plan', 'examples/two-partitions.yaml', '-d', 'absent']);
    expect(stdout).toContain(
      'Restart after-certificate: "*/30 4 * * *" Europe/Berlin, suspended\n',
    );
    expect(stdout).toMatch(/; 4 restarts scheduled\.\n$/);
  });

  it('colours are for terminals without NO_COLOR', async () => {
    const coloured = async (terminal: boolean, env: Record<string, string>, fleet = seed) => {
      const { stdout, stderr } = await run(['plan', fleet, '-d', 'absent'], { terminal, env });
      return (stdout + stderr).includes('\x1b[');
    };
    for (const fleet of [seed, 'examples/broken.yaml']) {
      expect(await coloured(true, {}, fleet)).toBe(true);
      expect(await coloured(true, { NO_COLOR: '' }, fleet)).toBe(true);
      expect(await coloured(true, { NO_COLOR: '1' }, fleet)).toBe(false);
      expect(await coloured(false, {}, fleet)).toBe(false);
    }
  });

  it('an earlier output can’t steer the terminal', () =>
    synthesised(async (fleet, dist) => {
      const list = join(dist, '_rollcall.json');
      const record = JSON.parse(readFileSync(list, 'utf8')) as { units: object };
      record.units = { ci: { 'Role \x1b]0;title\x07\u202e': '' } };
      writeFileSync(list, JSON.stringify(record));
      const { stdout } = await run(['plan', fleet, '-d', dist], {
        terminal: true,
        env: { NO_COLOR: '1' },
      });
      expect(stdout).toContain('Role \\u{1b}]0;title\\u{7}\\u{202e}\n');
      expect(stdout).not.toMatch(/(?!\n)\p{Cc}|\p{Cf}/u);
    }));
});
