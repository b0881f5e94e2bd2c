import { describe, expect, it } from '@jest/globals';
import { awsAuth, document, fleet, inPlace, kubeconfig, secret, type Place } from './place.ts';

const reachesAll = fleet.replace(
  'clusters: [golf-prd] # by night',
  'clusters: [golf-prd, golf-new]',
);
const restarts = `restarts:
  - name: all
    service: keys
    schedule: 0 3 * * 1
    clusters: {}
    workloads: [{ namespace: sts, names: [x] }]
`;

const asService = awsAuth.replace('username: ops:{{SessionName}}', 'username: sts');
const inChina = JSON.stringify(kubeconfig).replaceAll(
  'arn:aws:eks:eu-west-2',
  'arn:aws-cn:eks:cn-north-1',
);

describe('rollcall import', () => {
  it.each<[string, (place: Place) => readonly string[], RegExp]>([
    ['no source', () => [], /^import\/no-source\n/],
    [
      'a region that is none',
      () => ['--eks', '--region', 'west'],
      /^import\/argument\n.*--region "west"/,
    ],
    ['an assignment that is none', () => ['--aws-auth', 'x'], /^import\/argument\n.*CLUSTER=FILE/s],
    ['an account that is none', () => ['--eks', '--account', 'a=1'], /^import\/argument\n/],
    ['a file that is not there', () => ['--policy', 'absent'], /^import\/file absent\n.*ENOENT/],
    [
      'another kind of file',
      ({ file }) => ['--policy', file('s', { kind: 'Secret', data: { t: secret } })],
      /^import\/file s\n.*another kind/,
    ],
    [
      'no YAML',
      ({ file }) => ['--policy', file('s', `{"a": "${secret}`)],
      /^import\/file s\n.*line 1 is no YAML/,
    ],
    [
      'a role as aws-auth',
      ({ file }) => ['--aws-auth', `ci=${file('p', { PolicyVersion: { Document: document } })}`],
      /^import\/file p\n/,
    ],
    [
      'an unknown cluster',
      ({ file }) => ['--aws-auth', `cii=${file('a', awsAuth)}`],
      /^import\/unknown-cluster\n/,
    ],
    [
      'a kubeconfig that is not there',
      () => ['--kubeconfig', 'absent'],
      /^hub\/kubeconfig absent\n/,
    ],
    [
      'a new file without a name',
      ({ file }) => ['-f', `${file('x', '')}.yaml`, '--kubeconfig', 'x'],
      /^import\/argument\n.*no --name/,
    ],
    [
      'a new file without a name, to be checked',
      ({ file }) => ['-f', `${file('x', '')}.yaml`, '--kubeconfig', 'x', '--check'],
      /^import\/argument\n.*no --name/,
    ],
    [
      'a new file without any cluster, to be checked',
      ({ file }) => [
        ...['-f', `${file('x', '')}.yaml`, '--name', 'x', '--check'],
        ...['--kubeconfig', file('c', { ...kubeconfig, contexts: [] })],
      ],
      /^import\/nothing\n/,
    ],
    [
      'a new file without a cluster',
      ({ file }) => [
        '-f',
        `${file('x', '')}.yaml`,
        '--name',
        'x',
        '--aws-auth',
        `ci=${file('a', awsAuth)}`,
      ],
      /^import\/unknown-cluster\n/,
    ],
    [
      'a file that would not load',
      ({ file }) => [
        '-f',
        file('all.yaml', reachesAll + restarts),
        '--kubeconfig',
        file('c', kubeconfig),
      ],
      /fleet\/not-reached .*import\/unsound all\.yaml\n/s,
    ],
    [
      'a file that loads and that other commands would refuse',
      ({ file }) => ['--aws-auth', `golf-prd=${file('a', asService)}`],
      /access\/user-shared .*import\/unsound fleet\.yaml\n.*every other command/s,
    ],
    [
      'an account in two partitions',
      ({ file }) => ['--kubeconfig', file('c', inChina)],
      /access\/account-partition .*import\/unsound fleet\.yaml\n/s,
    ],
  ])('refuses %s, with exit code 2, and writes nothing', async (_, argv, said) => {
    await inPlace(async (place) => {
      const { code, stderr } = await place.run(...argv(place));
      expect(stderr).toMatch(said);
      expect(code).toBe(2);
      expect(place.read()).toBe(fleet);
    });
  });

  it('says with --check too what every other command would refuse, with the differences', async () => {
    await inPlace(async ({ file, read, run }) => {
      const argv = ['--aws-auth', `golf-prd=${file('a', asService)}`, '--check'];
      const { code, stderr, stdout } = await run(...argv);
      expect([code, read()]).toEqual([2, fleet]);
      expect(stdout).toMatch(/^\+ ops +user /m);
      expect(stderr).toMatch(/access\/user-shared .*import\/unsound fleet\.yaml\n/s);
      const { stdout: json, code: same } = await run(...argv, '-o', 'json');
      expect(same).toBe(2);
      expect(JSON.parse(json)).toMatchObject({
        written: false,
        differences: expect.arrayContaining([expect.objectContaining({ what: 'user' })]),
        errors: [expect.objectContaining({ code: 'access/user-shared' })],
      });
    });
  });
});
