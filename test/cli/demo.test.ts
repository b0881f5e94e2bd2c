import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Agent, request } from 'undici';
import { parse } from 'yaml';
import type { CliIo } from '../../src/cli/io.ts';
import { runCli } from '../../src/cli/program.ts';
import { run } from './support/run.ts';

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
const file = join(folder, 'rollcall-demo.kubeconfig');
const usersOwn = join(folder, 'kubeconfig');
writeFileSync(usersOwn, 'mine');
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
    code = await runCli(['demo', '--keep', '-d', folder], io);
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
    expect(readFileSync(usersOwn, 'utf8')).toBe('mine');
  });

  it('refuses a file of that name that is there already, and leaves it', async () => {
    writeFileSync(file, 'mine too');
    const { code: refused, stderr } = await run(['demo', '--keep', '-d', folder]);
    expect(refused).toBe(1);
    expect(stderr).toMatch(
      /^cli\/kubeconfig\n {2}found: +EEXIST.*rollcall-demo\.kubeconfig'\n {2}expected: .*\n {2}next: .*\n$/m,
    );
    expect(stderr).not.toContain('The fleet stays up');
    expect(readFileSync(file, 'utf8')).toBe('mine too');
  });
});

describe('rollcall demo --keep, as a process', () => {
  const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

  /** A demo that is sent these signals, one right after the other, as soon as it waits for one. */
  async function interrupt(name: string, signals: readonly NodeJS.Signals[]) {
    const output = join(folder, name);
    const child = spawn(process.execPath, [
      main,
      'demo',
      '--keep',
      '--break',
      'subject',
      '-d',
      output,
    ]);
    child.stdout.resume();
    const ended = Promise.withResolvers<readonly unknown[]>();
    child.on('close', (...end) => {
      ended.resolve(end);
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.includes(' get deployments')) return;
      stderr += text;
      if (!stderr.includes(' get deployments')) return;
      for (const signal of signals) child.kill(signal);
    });
    const [code, signal] = await ended.promise;
    expect(stderr).toContain('rollcall-demo.kubeconfig');
    return {
      end: code ?? signal,
      left: readdirSync(output).filter((one) => /kubeconfig/.test(one)),
    };
  }

  it.each<[string, NodeJS.Signals[], unknown[]]>([
    ['by Ctrl-C', ['SIGINT'], [2]],
    ['by the end of its terminal', ['SIGHUP'], [2]],
    // Whichever of the two it is that ends it.
    ['twice', ['SIGINT', 'SIGTERM'], [2, 'SIGTERM']],
  ])('ended %s, leaves no kubeconfig', async (name, signals, ends) => {
    const { end, left } = await interrupt(name, signals);
    expect(ends).toContain(end);
    expect(left).toEqual([]);
  });
});
