import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Interrupted } from '../../../src/cli/io.ts';
import { runCli } from '../../../src/cli/program.ts';
import { inTemporaryFolderAsync } from '../../charts/support/folders.ts';

const issuer = 'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E';
const flags = [
  ...['--name', 'grada', '--account', '903716715040', '--cluster', 'CI_cluster'],
  ...['--region', 'eu-west-1', '--issuer', issuer, '--namespace', 'sts'],
  ...['--workload', 'Deployment/encrypter', 'Deployment/decrypter', 'StatefulSet/keys'],
];

interface Said {
  readonly code: number;
  readonly stderr: string;
  readonly asked: readonly string[];
}

/** @param typed lines of a terminal; absent: there is none. After the last one the input ends. */
async function init(
  folder: string,
  argv: readonly string[],
  typed?: readonly string[],
): Promise<Said> {
  const said = { stderr: '', asked: [] as string[] };
  const lines = [...(typed ?? [])];
  const code = await runCli(['init', '-f', join(folder, 'fleet.yaml'), ...argv], {
    stdout: (text) => {
      throw new Error(`nothing is said there: ${text}`);
    },
    stderr: (text) => (said.stderr += text.replaceAll(`${folder}/`, '')),
    env: {},
    stdoutIsTerminal: false,
    stderrIsTerminal: false,
    now: () => 0,
    ...(typed && {
      openPrompt: () => ({
        ask: (question) => {
          said.asked.push(question);
          const line = lines.shift();
          return line === '\u0003' ? Promise.reject(new Interrupted()) : Promise.resolve(line);
        },
        close: () => undefined,
      }),
    }),
  });
  return { code, ...said };
}

const read = (folder: string): string => readFileSync(join(folder, 'fleet.yaml'), 'utf8');

describe('rollcall init', () => {
  it('writes a short fleet file with comments', async () => {
    await inTemporaryFolderAsync(async (folder) => {
      const { code, stderr } = await init(folder, flags);
      expect([code, stderr]).toEqual([
        0,
        'Written to fleet.yaml. See what it comes to: rollcall plan fleet.yaml\n',
      ]);
      expect(read(folder)).toMatchInlineSnapshot(`
       "# Rollcall's fleet file, begun by \`rollcall init\` 0.1.0. Its keys: rollcall schema
       apiVersion: rollcall.dev/v1alpha1
       kind: Fleet
       name: grada
       # The restart job, pushed to a registry of yours.
       image: 903716715040.dkr.ecr.eu-west-1.amazonaws.com/rollcall/restart:0.1.0
       accounts:
         main: '903716715040'
       # More clusters: rollcall import --profile NAME
       clusters:
         - name: ci-cluster
           account: main
           region: eu-west-1
           eksCluster: CI_cluster
           oidcIssuer: https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E
           # access-entries, where the cluster lets principals in by those.
           accessControl: aws-auth
       services:
         # Who restarts: a ServiceAccount with an IAM role, by IRSA.
         - name: restarter
           env: prd
           cluster: ci-cluster
           namespace: rollcall
           reach:
             # The role by which it enters each cluster. Labels of clusters select many.
             - clusters: [ci-cluster]
               role: rollcall-restarts
       restarts:
         - name: scheduled
           service: restarter
           # Five cron fields, in UTC.
           schedule: 0 3 * * 1
           clusters: [ci-cluster]
           workloads:
             - kind: Deployment
               namespace: sts
               names: [encrypter, decrypter]
             - kind: StatefulSet
               namespace: sts
               names: [keys]
       "
      `);
      expect(readdirSync(folder)).toEqual(['fleet.yaml']);
    });
  });

  it('asks on a terminal, again where an answer breaks its rule, and says why', async () => {
    await inTemporaryFolderAsync(async (folder) => {
      const typed = [
        ...['', 'Grada', 'grada', '90371671504', ' 903716715040 ', 'ci', 'eu-west-1', issuer],
        ...['sts', 'deploy/x', 'Deployment/x, Deployment/y', '', 'r.example/rollcall:1'],
      ];
      const { code, stderr, asked } = await init(folder, [], typed);
      expect(code).toBe(0);
      expect(asked).toMatchInlineSnapshot(`
       [
         "The fleet’s name: ",
         "The fleet’s name: ",
         "The fleet’s name: ",
         "The id of the AWS account that the cluster is in: ",
         "The id of the AWS account that the cluster is in: ",
         "The cluster’s name in EKS: ",
         "Its region: ",
         "Its OIDC issuer (aws eks describe-cluster --query cluster.identity.oidc.issuer): ",
         "The namespace of the workloads to restart: ",
         "The workloads, such as Deployment/web: ",
         "The workloads, such as Deployment/web: ",
         "When, as five cron fields in UTC [0 3 * * 1]: ",
         "The job’s container image [903716715040.dkr.ecr.eu-west-1.amazonaws.com/rollcall/restart:0.1.0]: ",
       ]
      `);
      expect(stderr).toMatchInlineSnapshot(`
       "  found:    nothing
         expected: 1–63 of a–z, 0–9 and -, beginning and ending with a letter or digit
         next:     Choose another name.
         found:    Grada
         expected: 1–63 of a–z, 0–9 and -, beginning and ending with a letter or digit
         next:     Choose another name.
         found:    90371671504
         expected: 12 digits, such as 012345678901
         next:     Write all 12 digits, leading zeros too, without spaces or hyphens.
         found:    deploy/x
         expected: KIND/NAME, such as Deployment/web; kinds: Deployment, StatefulSet, DaemonSet, Rollout
         next:     Write the kind as it is here, and the name that \`kubectl get\` shows.
       Written to fleet.yaml. See what it comes to: rollcall plan fleet.yaml
       "
      `);
      expect(read(folder)).toContain('names: [x, y]');
      expect(read(folder)).toContain('schedule: 0 3 * * 1');
      expect(read(folder)).toContain('image: r.example/rollcall:1');
    });
  });

  it('asks only for what no flag gives, and nothing by --yes', async () => {
    await inTemporaryFolderAsync(async (folder) => {
      const { asked } = await init(folder, [...flags, '--schedule', '1 2 * * *'], ['']);
      expect(asked).toEqual([
        'The job’s container image [903716715040.dkr.ecr.eu-west-1.amazonaws.com/rollcall/restart:0.1.0]: ',
      ]);
    });
    await inTemporaryFolderAsync(async (folder) => {
      expect((await init(folder, [...flags, '--yes'], [])).asked).toEqual([]);
      expect(existsSync(join(folder, 'fleet.yaml'))).toBe(true);
    });
  });

  it.each<[string, readonly string[], readonly string[] | undefined]>([
    ['no terminal', ['--name', 'grada'], undefined],
    ['--yes', ['--name', 'grada', '--yes'], []],
    ['an input that ends', [], ['grada']],
  ])('names all that is missing at once: %s', async (_, argv, typed) => {
    await inTemporaryFolderAsync(async (folder) => {
      const { code, stderr } = await init(folder, argv, typed);
      expect(code).toBe(1);
      const places = [...stderr.matchAll(/^init\/missing --(.*)\n {2}found: {4}nothing$/gm)];
      expect(places.map(([, flag]) => flag)).toEqual([
        'account',
        'cluster',
        'region',
        'issuer',
        'namespace',
        'workload',
      ]);
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  it('Ctrl-C at a question writes nothing, even where all that is left has defaults', async () => {
    await inTemporaryFolderAsync(async (folder) => {
      const { code, stderr } = await init(folder, flags, ['\u0003']);
      expect([code, stderr]).toEqual([130, 'Interrupted: nothing is written.\n']);
      expect(readdirSync(folder)).toEqual([]);
    });
  });

  it('names all flags that break their rules at once', async () => {
    await inTemporaryFolderAsync(async (folder) => {
      const bad = ['--name', '', '--region', 'x\u001b[31m', '--workload', 'Pod/x'];
      const { code, stderr } = await init(folder, bad);
      expect(code).toBe(1);
      expect(stderr).toMatchInlineSnapshot(`
       "init/argument --name
         found:    ""
         expected: 1–63 of a–z, 0–9 and -, beginning and ending with a letter or digit
         next:     Choose another name.

       init/argument --region
         found:    "x\\u{1b}[31m"
         expected: an AWS region, such as eu-west-1
         next:     Write the code of the region, not its name or an availability zone.

       init/argument --workload
         found:    "Pod/x"
         expected: KIND/NAME, such as Deployment/web; kinds: Deployment, StatefulSet, DaemonSet, Rollout
         next:     Write the kind as it is here, and the name that \`kubectl get\` shows.
       "
      `);
    });
  });

  const elsewhere = issuer.replace('eu-west-1', 'us-east-1');

  it('takes no issuer of EKS that is in another region than the cluster', async () => {
    await inTemporaryFolderAsync(async (folder) => {
      const argv = flags.map((one) => (one === issuer ? elsewhere : one));
      const { code, stderr } = await init(folder, [...argv, '--yes']);
      expect([code, readdirSync(folder)]).toEqual([1, []]);
      expect(stderr).toMatch(
        /^init\/argument --region\n.*"eu-west-1"\n.*us-east-1, which the issuer is in\n.*^init\/argument --issuer\n.*an issuer in eu-west-1/ms,
      );
    });
  });

  it.each<[string, string, readonly string[]]>([
    ['--issuer', 'us-east-1, which the issuer is in', ['eu-west-1', 'us-east-1']],
    ['--region', 'an issuer in us-east-1, the cluster’s region', [issuer, elsewhere]],
  ])('asks again for what does not go with %s', async (given, expected, typed) => {
    await inTemporaryFolderAsync(async (folder) => {
      const asked = given === '--issuer' ? '--region' : '--issuer';
      const argv = flags.filter((one, at) => one !== asked && flags[at - 1] !== asked);
      argv[argv.indexOf(given) + 1] = given === '--issuer' ? elsewhere : 'us-east-1';
      const { code, stderr } = await init(folder, argv, [...typed, '']);
      expect([code, stderr]).toEqual([0, expect.stringContaining(`expected: ${expected}\n`)]);
      expect(read(folder)).toContain('region: us-east-1');
      expect(read(folder)).toContain(`oidcIssuer: ${elsewhere}`);
    });
  });

  it('writes nothing over', async () => {
    await inTemporaryFolderAsync(async (folder) => {
      writeFileSync(join(folder, 'fleet.yaml'), 'mine');
      const { code, stderr } = await init(folder, flags, []);
      expect([code, read(folder)]).toEqual([1, 'mine']);
      expect(stderr).toMatch(/^init\/exists fleet\.yaml\n/);
    });
    await inTemporaryFolderAsync(async (folder) => {
      const { code, stderr } = await init(join(folder, 'absent'), flags);
      expect([code, stderr]).toEqual([
        1,
        expect.stringMatching(
          /^init\/write fleet\.yaml\n {2}found: {4}ENOENT: no such file or directory\n/,
        ),
      ]);
    });
  });
});
