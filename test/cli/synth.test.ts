import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Diagnostic } from '../../src/fleet/diagnostic.ts';
import { exampleText, outputOf } from '../charts/support/examples.ts';
import { asFleet, contentOf, inTemporaryFolderAsync, namesIn } from '../charts/support/folders.ts';
import { dataFormats, run } from './support/run.ts';

const seed = 'examples/seed-000.yaml';
const paths = outputOf(exampleText('seed-000')).map(({ path }) => path);

describe('synth', () => {
  it('writes the whole output, lists it on stdout, and says on stderr how to apply it', () =>
    inTemporaryFolderAsync(async (folder) => {
      const dist = join(folder, 'dist');
      const { code, stdout, stderr } = await run(['synth', seed, '-d', dist]);
      expect(code).toBe(0);
      expect(stdout).toBe(paths.map((path) => `${path}\n`).join(''));
      const { '_rollcall.json': list, ...files } = contentOf(dist);
      expect(list).toBeDefined();
      const expected = outputOf(exampleText('seed-000')).map(({ path, text }) => [path, text]);
      expect(files).toEqual(Object.fromEntries(expected));
      expect(stderr).toContain(`Written to ${dist}. Apply in this order:\n`);
      expect(stderr).toMatch(/ 1\. +create-role +903716715040\/eks-key-restarter-prd\n/);
      expect(stderr).toMatch(
        /apply the folder of each cluster \(kubectl apply --server-side -f FOLDER\): golf-prd, golf-pp, golf-dev, ci\.\n$/,
      );
    }));

  it('names, once, what was generated before and is no more', () =>
    inTemporaryFolderAsync(async (folder) => {
      const dist = join(folder, 'dist');
      await run(['synth', seed, '-d', dist]);
      const other = asFleet('grada', 'examples/seed-003.yaml', folder);
      const { stderr } = await run(['synth', other, '-d', dist]);
      expect(stderr).toMatch(/\nNo longer generated\.[^\n]*\n/);
      const listed = [...stderr.matchAll(/^ {2}- \S+ +(\S+) (\S+) +(.*)$/gm)];
      expect(listed[0]?.slice(1)).toEqual([
        'CronJob',
        'sts/after-key-creation',
        'suspend it, let a run under way end, then delete it',
      ]);
      expect(listed.at(-1)?.slice(1, 3)).toEqual(['Namespace', 'sts']);
      const again = await run(['synth', other, '-d', dist]);
      expect(again.stderr).not.toContain('No longer generated');
    }));

  it.each([
    [
      'entries alone',
      `users:
  - { name: ann, arn: 'arn:aws:iam::111122223333:role/ann', clusters: [hub], groups: [g] }
`,
      `Apply in this order:
  then merge _aws-auth/*.yaml into each cluster's kube-system/aws-auth: rollcall aws-auth apply --cluster NAME.
`,
    ],
    [
      'no folder',
      `services:
  - name: shop
    env: prd
    cluster: hub
    namespace: shop
    existingNamespace: true
    existingServiceAccount: true
    policies: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::shop/*'] }]
`,
      `
  then annotate the ServiceAccounts of others, by the commands in _serviceaccounts/*.yaml.
`,
    ],
    ['nothing', '', `: nothing to apply.\n`],
  ])('says what to do where there is %s to apply', (_, asked, last) =>
    inTemporaryFolderAsync(async (folder) => {
      const file = join(folder, 'fleet.yaml');
      writeFileSync(
        file,
        `apiVersion: rollcall.dev/v1alpha1
kind: Fleet
name: small
accounts: { main: '111122223333' }
clusters:
  - name: hub
    account: main
    region: eu-west-1
    oidcIssuer: https://oidc.example.com/1
${asked}`,
      );
      const { stderr } = await run(['synth', file, '-d', join(folder, 'dist')]);
      const [steps = ''] = stderr.split('\nfinding/');
      expect(steps.endsWith(last)).toBe(true);
    }),
  );

  it('with charts that Flux installs, they are pushed before the folder is committed', () =>
    inTemporaryFolderAsync(async (folder) => {
      const file = join(folder, 'fleet.yaml');
      const last = async (flux: object, name: string) => {
        const asked = `delivery: ${JSON.stringify({ flux })}\n`;
        writeFileSync(file, `${exampleText('seed-000')}${asked}`);
        const dist = join(folder, name);
        return (await run(['synth', file, '-d', dist, '--format', 'flux'])).stderr;
      };
      const registry = 'oci://registry.example.com/charts';
      const pushed = await last({ via: 'helm', registry, serviceAccountName: 'fleet' }, 'helm');
      expect(pushed).toContain('and push the charts (docs/flux.md), then commit what is in the ');
      expect(await last({}, 'manifests')).toContain(
        '  and commit what is in the folder to the root of the repository (or say where it lies: delivery.path); of each cluster Flux applies clusters/NAME: ',
      );
    }));

  it('keeps the form that the folder was written with, until it is told another', () =>
    inTemporaryFolderAsync(async (folder) => {
      const dist = join(folder, 'dist');
      const hub = async (...argv: readonly string[]) => {
        expect((await run(['synth', seed, '-d', dist, ...argv])).code).toBe(0);
        return namesIn(join(dist, 'ci'));
      };
      expect(await hub('--format', 'helm')).toEqual(['hub']);
      expect(await hub()).toEqual(['hub']);
      const { stdout } = await run(['plan', seed, '-d', dist, '--format', 'manifests']);
      expect(stdout).toMatch(/^Nothing to change\.\n/);
      expect(await hub('--format', 'manifests')).toEqual(['hub.k8s.yaml']);
    }));

  it('over the output of another fleet is refused, and plan and diff say whose it is', () =>
    inTemporaryFolderAsync(async (folder) => {
      const dist = join(folder, 'dist');
      await run(['synth', seed, '-d', dist]);
      const other = asFleet('other', seed, folder);
      const before = contentOf(dist);
      const refused = await run(['synth', other, '-d', dist]);
      expect([refused.code, refused.stdout]).toEqual([1, '']);
      expect(refused.stderr).toMatch(/^cli\/other-fleet\n/);
      expect(contentOf(dist)).toEqual(before);
      for (const command of ['plan', 'diff']) {
        const { stderr } = await run([command, other, '-d', dist]);
        expect(stderr).toContain('has the output of fleet grada, and not of other');
      }
    }));

  it('refuses to lose what was edited, and writes over it when told to; writes again what is gone', () =>
    inTemporaryFolderAsync(async (folder) => {
      const dist = join(folder, 'dist');
      await run(['synth', seed, '-d', dist]);
      const before = contentOf(dist);
      writeFileSync(join(dist, 'ci/hub.k8s.yaml'), 'edited');
      rmSync(join(dist, 'golf-pp'), { recursive: true });
      const refused = await run(['synth', seed, '-d', dist]);
      expect([refused.code, refused.stdout]).toEqual([1, '']);
      expect(refused.stderr).toMatch(/^cli\/edited-files\n.*: ci\/hub\.k8s\.yaml\n/);
      const { code, stderr } = await run(['synth', seed, '-d', dist, '--overwrite-edited']);
      expect(code).toBe(0);
      expect(stderr).toContain(
        '\nWere gone, and are written again:\n  - golf-pp/target.k8s.yaml\n',
      );
      expect(stderr).toContain('\nWere edited, and are written over:\n  - ci/hub.k8s.yaml\n');
      expect(contentOf(dist)).toEqual(before);
    }));

  it.each(dataFormats)('-o %s is data alone', (format, read) =>
    inTemporaryFolderAsync(async (folder) => {
      const dist = join(folder, 'dist');
      const { code, stdout, stderr } = await run(['synth', seed, '-d', dist, '-o', format]);
      expect([code, stderr]).toEqual([0, '']);
      const data = read(stdout) as { apply: { steps: readonly unknown[] } };
      expect(data).toMatchObject({ output: dist, files: paths });
      expect(data.apply.steps).toHaveLength(8);
    }),
  );
});

describe('findings', () => {
  const place = 'examples/seed-003.yaml:41:20';

  it('are told at their place after all the rest, and nothing fails by them', () =>
    inTemporaryFolderAsync(async (folder) => {
      for (const argv of [
        ['synth', 'examples/seed-003.yaml', '-d', join(folder, 'dist')],
        ['plan', 'examples/seed-003.yaml', '-d', join(folder, 'dist')],
      ]) {
        const { code, stderr } = await run(argv);
        expect(code).toBe(0);
        expect(stderr).toContain(`\nfinding/wildcard-resource ${place}\n`);
        expect(stderr).toMatch(/\n2 findings in examples\/seed-003\.yaml\n$/);
      }
    }));

  it.each(dataFormats)('are data in %s', (format, read) =>
    inTemporaryFolderAsync(async (folder) => {
      const dist = join(folder, 'dist');
      const argv = ['synth', 'examples/seed-003.yaml', '-d', dist, '-o', format];
      const { stdout, stderr } = await run(argv);
      expect(stderr).toBe('');
      expect(read(stdout)).toMatchObject({
        findings: [
          { code: 'finding/wildcard-action', line: 40 },
          { code: 'finding/wildcard-resource', line: 41, column: 20 },
        ],
        remove: [],
      });
    }),
  );

  it('are not spoken of where there are none', async () => {
    const { stderr } = await run(['plan', seed, '-d', 'absent']);
    expect(stderr).toBe('');
  });
});

/** What `examples/broken.yaml` says of itself, and where. */
const five = [
  ['fleet/unquoted-account-id', 9, 9],
  ['fleet/duplicate-key', 20, 5],
  ['fleet/unknown-key', 31, 9],
  ['fleet/schedule', 35, 15],
  ['fleet/unknown-cluster', 37, 16],
];

describe('a broken fleet gives five located errors, and nothing is written', () => {
  const broken = 'examples/broken.yaml';
  const commands = (dist: string): readonly (readonly string[])[] => [
    ['synth', broken, '-d', dist, '-o'],
    ['plan', broken, '-d', dist, '-o'],
  ];

  it('for people, on stderr', () =>
    inTemporaryFolderAsync(async (folder) => {
      for (const command of commands(join(folder, 'dist'))) {
        const { code, stdout, stderr } = await run([...command, 'table']);
        expect([code, stdout]).toEqual([1, '']);
        const heads = [...stderr.matchAll(/^(fleet\/\S+) examples\/broken\.yaml:(\d+):(\d+)$/gm)];
        expect(heads.map(([, ...head]) => head)).toEqual(five.map((one) => one.map(String)));
        expect(stderr.match(/^ {2}(found|expected|next): /gm)).toHaveLength(15);
        expect(stderr).toMatch(/\n5 errors in examples\/broken\.yaml\n$/);
      }
      expect(namesIn(folder)).toEqual([]);
    }));

  it.each(dataFormats)('as %s, on stdout', (format, read) =>
    inTemporaryFolderAsync(async (folder) => {
      for (const command of commands(join(folder, 'dist'))) {
        const { code, stdout, stderr } = await run([...command, format]);
        expect([code, stderr]).toEqual([1, '']);
        const { errors } = read(stdout) as { errors: readonly Diagnostic[] };
        expect(errors.map(({ code, line, column }) => [code, line, column])).toEqual(five);
        for (const error of errors) {
          expect(error).toMatchObject({ file: broken, found: expect.any(String) });
          expect(error.expected && error.next && error.source).toBeTruthy();
        }
      }
      expect(namesIn(folder)).toEqual([]);
    }),
  );

  it('conflicts that only the whole shows have places too, in their order', () =>
    inTemporaryFolderAsync(async (folder) => {
      const fleet = join(folder, 'fleet.yaml');
      const text = exampleText('seed-000')
        .replace(
          'restarts:\n',
          '  - { name: two, env: prd, cluster: ci, namespace: kube-system }\nrestarts:\n',
        )
        .replace('region: eu-west-2', 'region: cn-north-1');
      writeFileSync(fleet, text);
      const { code, stderr } = await run(['plan', fleet]);
      expect(code).toBe(1);
      const lines = text.split('\n');
      const lineOf = (part: string) => 1 + lines.findIndex((line) => line.includes(part));
      const heads = [...stderr.matchAll(/^(access\/\S+) .*:(\d+):\d+$/gm)];
      expect(heads.map(([, code, line]) => [code, Number(line)])).toEqual([
        ['access/partition-crossed', lineOf('clusters: { team: golf, env: dev }')],
        ['access/namespace-reserved', lineOf('namespace: kube-system')],
      ]);
    }));
});

it('an earlier output survives a fleet that is broken by now', () =>
  inTemporaryFolderAsync(async (folder) => {
    const dist = join(folder, 'dist');
    await run(['synth', seed, '-d', dist]);
    const before = contentOf(dist);
    expect((await run(['synth', 'examples/broken.yaml', '-d', dist])).code).toBe(1);
    expect(contentOf(dist)).toEqual(before);
  }));
