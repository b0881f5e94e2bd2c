import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { intercept } from '../contract/support/intercept.ts';
import { hubCodes } from '../../charts/user-error.ts';
import { as, config, file, hubCases, known, written } from './support/hub-cases.ts';
import { configMap, restart, startHub, type TestHub } from './support/hub.ts';
import { run as cli, type Surroundings } from './support/run.ts';

let hub: TestHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
beforeEach(() => hub.patch({ data: null, metadata: { annotations: null } }));

/** What was said, in its parts. No trace of a stack, of a control character, or of a credential. */
async function refusal(argv: readonly string[], env?: Surroundings['env']) {
  const { code, stdout, stderr } = await cli(argv, { terminal: true, ...(env && { env }) });
  expect([code, stdout]).toEqual([1, '']);
  const parts =
    /^(?<code>hub\/\S+)(?: (?<place>.+))?\n {2}found: {4}(?<found>\S.*)\n {2}expected: (?<expected>\S.*)\n {2}next: {5}(?<next>\S.*)\n$/.exec(
      stderr,
    );
  expect(stderr).not.toMatch(/(?!\n)\p{Cc}|nobody-knows-this-one|authorization|bearer/iu);
  return parts?.groups ?? { stderr };
}

describe('what is wrong is told', () => {
  it.each(hubCases.map((one) => [one.code, one] as const))('%s, case %#', async (code, one) => {
    if (one.content) await hub.write(one.content);
    const before = hub.record();
    const { place = /^/, found, expected = /^/, next = /^/ } = one;
    const said = await refusal(one.argv(hub), one.env?.(hub));
    expect(said).toEqual({
      code,
      place: one.place ? expect.stringMatching(place) : said.place,
      found: expect.stringMatching(found),
      expected: expect.stringMatching(expected),
      next: expect.stringMatching(next),
    });
    expect(hub.record()).toEqual(before);
  });

  it('a record that is none, and a plan', async () => {
    await hub.patch({ data: { 'run.json': '{"version": 9}' } });
    expect(await refusal(['stop', restart, ...known(hub)])).toMatchObject({
      code: 'hub/unreadable',
    });
  });

  it('an API server that fails, is not there, or is no API server', async () => {
    hub.kube.faults.arm({ kind: 'unavailable' });
    expect(await refusal(['runs', restart, ...known(hub)])).toMatchObject({
      code: 'hub/refused',
      found: expect.stringMatching(/^503 /),
    });
    const server = createServer((socket) => {
      socket.end('no TLS here', () => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { readonly port: number };
    const elsewhere = written(
      hub,
      'elsewhere',
      `{clusters: [{name: c, cluster: {server: "https://127.0.0.1:${port}"}}], users: [{name: u, user: {}}], contexts: [{name: x, context: {cluster: c, user: u}}], current-context: x}`,
    );
    const ask = () => refusal(['runs', restart, ...file(hub), '--kubeconfig', elsewhere]);
    expect(await ask()).toMatchObject({ code: 'hub/no-answer' });
    await new Promise((resolve) => server.close(resolve));
    expect(await ask()).toMatchObject({
      code: 'hub/no-answer',
      found: expect.stringMatching(/ECONNREFUSED/),
      expected: expect.stringContaining(`https://127.0.0.1:${port}`),
    });
  });

  it('a right that is missing only for the write', async () => {
    const handle = hub.kube.handle.bind(hub.kube);
    const body = { kind: 'Status', message: 'configmaps is forbidden: no patch for you' };
    intercept(hub.kube, async (request, answer) =>
      request.method === 'PATCH' ? { kind: 'json', status: 403, body } : answer(),
    );
    const said = await refusal(['pause', restart, ...known(hub)]);
    hub.kube.handle = handle;
    expect(said).toMatchObject({
      code: 'hub/forbidden',
      found: `403 ${body.message}`,
      expected: `the right to patch configmaps ${configMap} in namespace sts`,
      next: expect.stringContaining(`resourceNames: [${configMap}], verbs: [get, patch]`),
    });
  });

  it('as data', async () => {
    const { code, stdout, stderr } = await cli([
      'runs',
      restart,
      ...as(hub, 'golf-prd'),
      '-o',
      'json',
    ]);
    expect([code, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      errors: [{ code: 'hub/no-record', place: `context golf-prd, ConfigMap sts/${configMap}` }],
    });
  });

  it('a fleet file that is not sound, or not there', async () => {
    const broken = await cli(['stop', restart, '-f', 'examples/broken.yaml', ...config(hub)]);
    expect([broken.code, broken.stdout]).toEqual([1, '']);
    expect(broken.stderr).toMatch(/5 errors in examples\/broken\.yaml\n$/);
    const absent = await cli(['stop', restart, ...config(hub)]);
    expect(absent.stderr).toMatch(/^cli\/no-fleet-file\n.*fleet\.yaml/);
  });
});

describe('the kubeconfig', () => {
  it.each<[string, () => string]>([
    ['one file', () => hub.kubeconfig],
    [
      'several, of which one is not there',
      () => [join(hub.folder, 'absent'), hub.kubeconfig].join(delimiter),
    ],
    [
      'several: the first context holds',
      () => [hub.kubeconfig, written(hub, 'second', 'current-context: x')].join(delimiter),
    ],
  ])('is found by KUBECONFIG: %s', async (_, value) => {
    const env = { KUBECONFIG: value() };
    expect(await cli(['runs', restart, ...file(hub)], { env })).toMatchObject({ code: 0 });
  });
});

it('every code of the hub is met here, or where a job writes in between', () => {
  const met = new Set<string>(hubCases.map(({ code }) => code));
  const elsewhere = ['hub/no-answer', 'hub/refused', 'hub/unreadable', 'hub/busy'];
  expect(hubCodes.filter((code) => !met.has(code)).sort()).toEqual(elsewhere.sort());
});
