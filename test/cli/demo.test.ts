import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Agent, request } from 'undici';
import { parse } from 'yaml';
import type { CliIo } from '../../src/cli/io.ts';
import { runCli } from '../../src/cli/program.ts';

jest.setTimeout(60_000);

interface Kubeconfig {
  readonly clusters: readonly {
    readonly name: string;
    readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string };
  }[];
  readonly users: readonly [{ readonly name: string; readonly user: { readonly token: string } }];
  readonly contexts: readonly {
    readonly name: string;
    readonly context: { readonly cluster: string; readonly user: string };
  }[];
}

const folder = mkdtempSync(join(tmpdir(), 'rollcall-keep-'));
const file = join(folder, 'kubeconfig');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** How many Deployments the admin sees in each cluster of the kubeconfig. */
async function lookAround({ clusters, users, contexts }: Kubeconfig) {
  const counts = new Map<string, number>();
  for (const { name, context } of contexts) {
    const cluster = clusters.find((one) => one.name === context.cluster)?.cluster;
    const ca = Buffer.from(cluster?.['certificate-authority-data'] ?? '', 'base64').toString();
    const dispatcher = new Agent({ connect: { ca } });
    const { body } = await request(`${cluster?.server ?? ''}/apis/apps/v1/deployments`, {
      headers: { authorization: `Bearer ${users[0].user.token}` },
      dispatcher,
    });
    const { items } = (await body.json()) as { readonly items: readonly unknown[] };
    counts.set(name, items.length);
    await dispatcher.close();
  }
  return counts;
}

describe('rollcall demo --keep', () => {
  const said = { stdout: '', stderr: '' };
  let code: number;
  let mode: number;
  let config: Kubeconfig;
  let seen: ReadonlyMap<string, number>;

  beforeAll(async () => {
    const shown = Promise.withResolvers<undefined>();
    const io: CliIo = {
      stdout: (text) => (said.stdout += text),
      stderr: (text) => {
        said.stderr += text;
        if (text.includes('kubectl --kubeconfig')) shown.resolve(undefined);
      },
      env: {},
      stdoutIsTerminal: false,
      stderrIsTerminal: false,
      now: () => Date.now(),
      // The user looks around, and then has seen enough.
      untilInterrupted: async () => {
        await shown.promise;
        mode = statSync(file).mode & 0o777;
        config = parse(readFileSync(file, 'utf8')) as Kubeconfig;
        seen = await lookAround(config);
      },
    };
    code = await runCli(['demo', '--keep', '-o', folder], io);
  });

  it('keeps the fleet up until it is interrupted, then ends as the runs did', async () => {
    expect(code).toBe(0);
    expect(said.stderr).toMatch(/The fleet is taken down\.\n$/);
    await expect(lookAround(config)).rejects.toThrow(/ECONNREFUSED/);
  });

  it('gives an admin’s context for every cluster, and an example that names one of them', () => {
    expect(seen).toEqual(
      new Map([
        ['ci', 0],
        ['golf-dev', 2],
        ['golf-pp', 2],
        ['golf-prd', 3],
      ]),
    );
    const example = /kubectl --kubeconfig (\S+) --context (\S+) -n sts get deployments/.exec(
      said.stderr,
    );
    expect(example?.[1]).toBe(file);
    expect([...seen.keys()]).toContain(example?.[2]);
  });

  it('lets its owner alone read the token, tells it to no one, and takes it along', () => {
    expect(mode).toBe(0o600);
    const { token } = config.users[0].user;
    expect(token.length).toBeGreaterThanOrEqual(32);
    expect(said.stdout + said.stderr).not.toContain(token);
    expect(() => statSync(file)).toThrow(/ENOENT/);
  });
});
