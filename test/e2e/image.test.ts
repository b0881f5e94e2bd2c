import { randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Buildah } from './support/image/buildah.ts';
import { runContainer, type ContainerEnd } from './support/image/container.ts';
import { holds, readLayout, type Image } from './support/image/layout.ts';
import { whyNoImages } from './support/image/machine.ts';
import { npmVolumes } from './support/image/npm.ts';
import { makeBuildRoot, makeRuntimeRoot } from './support/image/roots.ts';

jest.setTimeout(10 * 60_000);

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const inBuild = ['Dockerfile', '.dockerignore', 'package.json', 'package-lock.json', 'jobs', 'src'];
const node = '/nodejs/bin/node';

const reason = await whyNoImages();
if (reason !== undefined) process.stderr.write(`the container image: skipped: ${reason}\n`);
const where = reason === undefined ? describe : describe.skip;

where(`the container image${reason === undefined ? '' : ` (skipped: ${reason})`}`, () => {
  let folder: string;
  let buildah: Buildah;
  const secrets = { npm: `npm-${randomUUID()}`, checkout: `checkout-${randomUUID()}` };
  let image: Image;
  let root: string;
  let containers = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-image-'));
    buildah = new Buildah(folder);
    const context = join(folder, 'context');
    for (const name of inBuild) {
      cpSync(join(checkout, name), join(context, name), { recursive: true });
    }
    for (const name of ['.npmrc', '.env', 'jobs/restart/.env']) {
      writeFileSync(join(context, name), `//registry.invalid/:_authToken=${secrets.checkout}\n`);
    }
    const build = 'localhost/build';
    const runtime = 'localhost/runtime';
    await buildah.buildBase(build, await makeBuildRoot(join(folder, 'build-root')));
    await buildah.buildBase(runtime, await makeRuntimeRoot(join(folder, 'runtime-root')));
    await buildah.build('localhost/rollcall', {
      dockerfile: join(context, 'Dockerfile'),
      context,
      args: { BUILD_IMAGE: build, RUNTIME_IMAGE: runtime },
      volumes: await npmVolumes(join(folder, 'npm'), secrets.npm),
    });
    image = await readLayout(await buildah.exportLayout('localhost/rollcall'));
    root = await buildah.mount('localhost/rollcall');
  });

  afterAll(() => buildah.close());

  const start = (args: readonly string[], command?: readonly string[]): Promise<ContainerEnd> =>
    runContainer({
      root,
      config: image.config,
      args,
      folder: join(folder, `${basename(folder)}-${++containers}`),
      ...(command === undefined ? {} : { command }),
    });

  it('runs the bundle as nonroot, and asks for no shell', () => {
    expect(image.config).toMatchObject({
      User: '65532:65532',
      Entrypoint: [node, '/app/restart.mjs'],
    });
    expect(image.config.Cmd).toBeUndefined();
  });

  it('is its base and the bundle: no sources, no npm, no packages', () => {
    expect(image.layers.slice(1).flatMap(({ paths }) => paths)).toEqual([
      'app/',
      'app/restart.job.mjs',
      'app/restart.mjs',
    ]);
    const mebi = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
    const sizes = image.layers.map(
      ({ tar, compressed }, layer) =>
        `  layer ${layer}: ${mebi(tar.length)}, compressed ${mebi(compressed)}\n`,
    );
    process.stderr.write(`the container image, by layer:\n${sizes.join('')}`);
  });

  it('holds no secret of the build or the checkout, in no layer and not in its history', () => {
    expect(holds(image, 'Restarts the workloads of a plan')).toBe(true);
    expect(holds(image, 'COPY multi:')).toBe(true);
    expect(Object.values(secrets).filter((secret) => holds(image, secret))).toEqual([]);
  });

  it('may do nothing: not root, no capability, not a byte to write', async () => {
    const probe = `
      const { readFileSync, writeFileSync } = require('node:fs');
      const write = (file) => {
        try { writeFileSync(file, ''); return 'written'; } catch ({ code }) { return code; }
      };
      const status = readFileSync('/proc/self/status', 'utf8');
      console.log(JSON.stringify({
        user: [process.getuid(), process.getgid(), ...process.getgroups()],
        rights: status.match(/^(Cap\\w+|NoNewPrivs):.*$/gm).map((line) => line.split(/:\\s*/)),
        writes: ['/x', '/app/restart.mjs', '/tmp/x'].map(write),
      }));`;
    const { code, stdout, stderr } = await start(['-e', probe], [node]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const none = '0'.repeat(16);
    expect(JSON.parse(stdout)).toEqual({
      user: [65532, 65532, 65532],
      rights: [
        ['CapInh', none],
        ['CapPrm', none],
        ['CapEff', none],
        ['CapBnd', none],
        ['CapAmb', none],
        ['NoNewPrivs', '1'],
      ],
      writes: ['EROFS', 'EROFS', 'EROFS'],
    });
  });

  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as {
      readonly version: string;
    };
    expect(await start(['--version'])).toEqual({
      code: 0,
      stdout: `${version}\n`,
      stderr: '',
      terminationMessage: '',
    });
  });

  it.each<[string, readonly string[], RegExp, RegExp]>([
    ['no arguments', [], /required option '--plan <file>' not specified/, /^$/],
    [
      'a plan that is not there',
      ['--plan', '/etc/rollcall/plan.json'],
      /misconfigured: the plan can't be read: ENOENT/,
      /^misconfigured: the plan can't be read: ENOENT/,
    ],
  ])('refuses %s with exit code 2 and a sentence', async (_, args, says, message) => {
    const { code, stdout, stderr, terminationMessage } = await start(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(terminationMessage).toMatch(message);
  });
});
