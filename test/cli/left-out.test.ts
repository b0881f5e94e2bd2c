import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { exampleText } from '../charts/support/examples.ts';
import { inTemporaryFolderAsync } from '../charts/support/folders.ts';
import { changed } from '../fleet/support.ts';
import { dataFormats, run } from './support/run.ts';

/** Forty clusters, each with a label of its own, of which each says that Calico is to be installed. */
const many = exampleText('forty-clusters').replaceAll(
  /name: (team-\S+),/g,
  'name: $1, infrastructure: { calico: install, cert-manager: existing },',
);
const labelled = many.replaceAll(
  /name: (team-\S+),([^]*?)labels: \{/g,
  'name: $1,$2labels: { own: $1, ',
);

const asked = (text: string, labels: string) =>
  `${text}\ndelivery:\n  git: { url: 'https://git.example.com/fleet' }\n  kustomize: { overlayLabels: [${labels}] }\n`;

const inFolder = (
  text: string,
  work: (
    of: (command: string, ...argv: readonly string[]) => ReturnType<typeof run>,
    folder: string,
  ) => Promise<void>,
): Promise<void> =>
  inTemporaryFolderAsync(async (folder) => {
    const file = join(folder, 'fleet.yaml');
    writeFileSync(file, text);
    const dist = join(folder, 'out/dist');
    await work((command, ...argv) => run([command, file, '-d', dist, ...argv]), folder);
  });

function makeComponent(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'kustomization.yaml'), 'kind: Component\n');
}

const commands = ['plan', 'synth'] as const;

describe.each(commands)('%s says what the form leaves out', (command) => {
  it.each(['manifests', 'helm', 'argocd', 'kustomize'])('infrastructure, of %s', (form) =>
    inFolder(asked(many, 'ring'), async (of) => {
      const { stderr } = await of(command, '--format', form);
      expect(stderr.match(/Not installed.*/g)).toEqual([
        `Not installed by --format ${form}, but by --format flux alone: calico.`,
      ]);
    }),
  );

  it('and of flux nothing, nor where nothing is to be installed', () =>
    inFolder(asked(many, 'ring'), async (of) => {
      expect((await of(command, '--format', 'flux')).stderr).not.toContain('Not installed');
      await inFolder(exampleText('seed-002'), async (ofExisting) => {
        expect((await ofExisting(command)).stderr).not.toContain('Not installed');
      });
    }));

  it('folders of components that are not there, once each', () =>
    inFolder(asked(exampleText('seed-000'), 'env, team'), async (of, folder) => {
      const kustomize = ['--format', 'kustomize'];
      const named = async () =>
        /\nNot there, and needed by kustomize beside the output folder: (.*)\.\n/.exec(
          (await of(command, ...kustomize)).stderr,
        )?.[1];
      expect((await of(command, '--format', 'helm')).stderr).not.toContain('Not there');
      const all = await named();
      expect(all).toMatch(/^components\/env-dev, components\/env-pp, components\/env-prd, /);
      const one = join(folder, 'out/components/env-pp');
      mkdirSync(one, { recursive: true });
      expect(await named()).toBe(all);
      makeComponent(one);
      expect(await named()).toBe(all?.replace(' components/env-pp,', ''));
      for (const path of all?.split(', ') ?? []) {
        makeComponent(join(folder, 'out', path));
      }
      expect(await named()).toBeUndefined();
    }));

  it('of a folder that a link leads to, they are beside that', () =>
    inFolder(asked(exampleText('seed-000'), 'env'), async (of, folder) => {
      mkdirSync(join(folder, 'real/dist'), { recursive: true });
      makeComponent(join(folder, 'real/components/env-prd'));
      mkdirSync(join(folder, 'out'));
      symlinkSync('../real/dist', join(folder, 'out/dist'));
      const { stderr } = await of(command, '--format', 'kustomize');
      expect(stderr).toContain('components/env-dev');
      expect(stderr).not.toContain('components/env-prd');
    }));

  it('of many the first ten', () =>
    inFolder(asked(labelled, 'own'), async (of) => {
      const { stderr } = await of(command, '--format', 'kustomize');
      expect(stderr.match(/components\/own-/g)).toHaveLength(10);
      expect(stderr).toMatch(/, and 30 more\.\n/);
    }));

  it.each(dataFormats)('as data in %s', (format, read) =>
    inFolder(asked(labelled, 'ring'), async (of) => {
      const { stdout, stderr } = await of(command, '--format', 'kustomize', '-o', format);
      expect(stderr).toBe('');
      expect(read(stdout)).toMatchObject({
        leftOut: {
          infrastructure: ['calico'],
          components: [0, 1, 2, 3].map((ring) => `components/ring-${ring}`),
        },
      });
    }),
  );
});

it('a plan of a migration, which writes nothing, leaves nothing out', () =>
  inFolder(
    changed(
      'infrastructure: { cert-manager: existing }',
      'infrastructure: { calico: install }',
      exampleText('seed-002'),
    ),
    async (of) => {
      const { stdout } = await of('plan', '--migrate', 'eks-pod-identity', '-o', 'json');
      expect(JSON.parse(stdout)).not.toHaveProperty('leftOut');
    },
  ));
