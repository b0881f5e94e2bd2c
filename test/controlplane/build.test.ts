import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cacheFolder } from './cache.ts';
import { components, versionOf, type Component, type ComponentName } from './components.ts';
import { FakeMachine } from './support/fake-machine.ts';

let machine: FakeMachine;
beforeEach(() => {
  machine = new FakeMachine();
});
afterEach(() => {
  machine.remove();
});

const build = (environment?: Readonly<Record<string, string>>) =>
  machine.run('controlplane/main.ts', environment);

const component = (name: ComponentName): Component => {
  const found = components.find((one) => one.name === name);
  if (!found) throw new Error(`no component ${name}`);
  return found;
};

/** Bears the id of a process, which has worked on it or still does. */
const unfinished = /\.\d+$/;

describe('the build', () => {
  it('builds each program once, and lists them', () => {
    const first = build();
    expect(first).toMatchObject({ code: 0 });
    const asked = machine.asked();
    expect(asked.filter((line) => line.startsWith('build '))).toHaveLength(components.length);
    expect(build()).toEqual({ code: 0, stdout: first.stdout, stderr: '' });
    expect(machine.asked()).toEqual(asked);
    const listed = first.stdout.trim().split('\n');
    expect(listed.map((line) => line.split(' ').slice(0, 2))).toEqual(
      components.map((one) => [one.name, versionOf(one)]),
    );
  });

  it("never goes by the user's settings of Go", () => {
    build({ GOFLAGS: '-tags=mine', GOWORK: '/mine', CGO_ENABLED: '1' });
    const settings = machine.asked().map((line) => line.replace(/^.*(?= GOFLAGS=)/, ''));
    // Not empty: an empty GOFLAGS gives way to that of `go env -w`.
    expect(new Set(settings)).toEqual(new Set([' GOFLAGS=-mod=readonly GOWORK=off CGO_ENABLED=0']));
  });

  it('leaves nothing behind when it is interrupted and done again', () => {
    machine.installGo(undefined, 'kill -KILL $PPID');
    expect(build()).toMatchObject({ code: null });
    expect(machine.cached().filter((name) => unfinished.test(name))).toHaveLength(1);
    machine.installGo();
    const ofAnother = `etcd-0123456789ab.${process.pid}`;
    mkdirSync(join(machine.cache, ofAnother));
    expect(build()).toMatchObject({ code: 0 });
    expect(machine.cached().filter((name) => unfinished.test(name))).toEqual([ofAnother]);
  });

  it('keeps what another builder has finished meanwhile, if it is whole', () => {
    const another = 'place="${2%/*}"; place="${place%.*}"; /bin/mkdir "$place"';
    machine.installGo(undefined, `${another}; echo theirs >"$place/\${2##*/}"`);
    expect(build()).toMatchObject({ code: 0 });
    expect(machine.program('etcd')).toBe('theirs');
    // Without its data.
    expect(machine.program('kwok')).toBe('built');
    expect(machine.cached().filter((name) => unfinished.test(name))).toEqual([]);
  });

  it('says what to do when its cache is no folder that it can write', () => {
    const home = join(machine.folder, 'file');
    writeFileSync(home, '');
    const { code, stderr } = build({ XDG_CACHE_HOME: home });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        /^\S+\/file\/rollcall\/controlplane can't be written \(ENOTDIR\): set XDG_CACHE_HOME .*\n$/,
      ) as unknown,
    });
  });

  it.each(['go1.9', 'go1.25.99'])('says which Go is needed in place of %s', (version) => {
    machine.installGo(version);
    const { code, stderr } = build();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(
        new RegExp(`^Go 1\\.26\\.0 or newer is needed .*/go\\.mod\\); found: ${version}\\. .*\\n$`),
      ) as unknown,
    });
    expect(machine.asked().filter((line) => line.startsWith('build '))).toEqual([]);
  });

  it.each([
    [
      'is missing',
      () => {
        machine.removeGo();
      },
    ],
    [
      'is there, but broken',
      () => {
        machine.breakGo();
      },
    ],
  ])('is what e2e does without, in one line, where Go %s', (_, lose) => {
    lose();
    expect(machine.run('e2e/main.ts')).toEqual({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(/^e2e: skipped, .*\n$/) as unknown,
    });
  });
});

describe('the key of a program in the cache', () => {
  it.each<[string, Partial<Component>]>([
    ['package', { main: 'sigs.k8s.io/kwok/cmd/kwokctl' }],
    ['go.mod', { module: 'helm', source: 'helm.sh/helm/v3' }],
    ['data', { data: [] }],
  ])('is another with another %s', (_, change) => {
    const kwok = component('kwok');
    expect(cacheFolder({ ...kwok })).toBe(cacheFolder(kwok));
    expect(cacheFolder({ ...kwok, ...change })).not.toBe(cacheFolder(kwok));
  });
});

describe('KUBEBUILDER_ASSETS', () => {
  const says = (text: string): string => `echo "${text}"`;
  const pathOf = (stdout: string, name: ComponentName): string | undefined =>
    stdout
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[2];

  it('is used for what has the pinned version, and that is not built', () => {
    const etcd = versionOf(component('etcd')).slice(1);
    const kubectl = versionOf(component('kubectl'));
    const folder = machine.assets({
      etcd: says(`etcd Version: ${etcd}\nGit SHA: 0\nGo Version: go1.2.3`),
      kubectl: `[ "$*" = 'version --client' ] && ${says(`Client Version: ${kubectl}`)}`,
    });
    const { stdout, stderr } = build({ KUBEBUILDER_ASSETS: folder });
    expect(stderr).not.toContain('passed over');
    expect(pathOf(stdout, 'etcd')).toBe(join(folder, 'etcd'));
    expect(pathOf(stdout, 'kubectl')).toBe(join(folder, 'kubectl'));
    expect(machine.cached().join()).not.toMatch(/etcd|kubectl/);
  });

  it.each<[string, ComponentName, string, RegExp]>([
    ['another version', 'kube-apiserver', says('Kubernetes v1.2.3'), /version is 1\.2\.3, v\S+ is/],
    ['a longer one', 'etcd', says(`etcd ${versionOf(component('etcd')).slice(1)}9`), /is pinned/],
    ['no version', 'kubectl', says('none'), /version is unknown/],
    ['an end in failure', 'etcd', 'exit 3', /does not run/],
    ['no way to ask it', 'kwok', says('v0.8.0'), /does not tell its version/],
  ])('is passed over for ours, and says so once: %s', (_, name, script, why) => {
    const folder = machine.assets({ [name]: script });
    const { stdout, stderr } = build({ KUBEBUILDER_ASSETS: folder });
    const told = stderr.split('\n').filter((line) => line.includes('passed over'));
    expect(told).toEqual([expect.stringMatching(why)]);
    expect(told[0]).toContain(join(folder, name));
    expect(pathOf(stdout, name)).toContain(machine.cache);
    expect(machine.program(name)).toBe('built');
  });
});
