import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Report } from '../../jobs/restart/report.ts';

jest.setTimeout(150_000);

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'rollcall-demo-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function demo(...options: readonly string[]) {
  const child = spawn(process.execPath, [main, 'demo', ...options], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { promise: closed, resolve } = Promise.withResolvers<number | null>();
  child.on('close', resolve);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await closed, stdout, stderr };
}

const reportOf = (run: string): Report =>
  JSON.parse(readFileSync(join(run, 'report.json'), 'utf8')) as Report;

describe('rollcall demo', () => {
  const well = join(folder, 'well');
  const broken = join(folder, 'broken');
  const trouble = join(folder, 'trouble');
  let ends: readonly Awaited<ReturnType<typeof demo>>[];
  beforeAll(async () => {
    ends = await Promise.all([
      demo('-d', well),
      // From the folder in which one stands.
      demo('--break', 'rbac', '-d', 'broken'),
      demo('--scenario', 'trouble', '-d', trouble),
    ]);
  });

  it('restarts the example fleet, and nothing twice', () => {
    const { code, stdout, stderr } = ends[0] ?? {};
    expect(stderr).toContain(well);
    expect(stdout).toMatch(/^CLUSTER +WORKLOAD +RESTARTS +OUTCOME$/m);
    const restarted = /^golf-\w+ +Deployment sts\/sts-js-avro-\w+-processor +1 +restarted/gm;
    expect(stdout?.match(restarted)).toHaveLength(6);
    expect(stdout).toMatch(/: 6 restarted; exit 0 \(ok\)$/m);
    expect(stdout).toMatch(/: 6 alreadyRestarted; exit 0 \(nothingToDo\)$/m);
    expect(code).toBe(0);
  });

  it('leaves the generated tree and the reports', () => {
    expect(existsSync(join(well, 'dist', 'ci', 'hub.k8s.yaml'))).toBe(true);
    expect(reportOf(join(well, 'run-1')).counts).toEqual({ restarted: 6 });
    expect(reportOf(join(well, 'run-2')).counts).toEqual({ alreadyRestarted: 6 });
  });

  it('shows how a broken link is reported', () => {
    const { code, stdout, stderr } = ends[1] ?? {};
    expect(stderr).toMatch(
      /Broken on purpose \(rbac\):\n +- RoleBinding sts\/\S+ of golf-prd is gone/,
    );
    expect(stdout?.match(/^golf-prd +Deployment .* 0 +forbidden\b.*\brbac\b/gm)).toHaveLength(2);
    expect(stdout).toMatch(/: 4 restarted, 2 forbidden; exit 3 \(incomplete\)$/m);
    expect(code).not.toBe(0);
    expect(reportOf(join(broken, 'run-1')).exit.name).toBe('incomplete');
  });

  it('shows a crash, a revert, and the run that halts for them before its last wave', () => {
    const { code, stdout, stderr } = ends[2] ?? {};
    expect(code).toBe(2);
    const order = ['wave canary begins', 'wave canary soaks for 3 s', 'wave early begins'];
    const places = [...order, 'halted: '].map((line) => stderr?.indexOf(line) ?? -1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(stderr).not.toContain('wave rest begins');

    const { counts, exit, workloads } = reportOf(join(trouble, 'run-1'));
    expect(counts).toEqual({ restarted: 4, reverted: 1, failed: 1, skipped: 2 });
    expect(exit.name).toBe('halted');
    const ofKind = (kind: string) => workloads.filter(({ outcome }) => outcome.kind === kind);
    expect(ofKind('failed')).toMatchObject([{ cluster: 'cutter', kind: 'StatefulSet' }]);
    expect(ofKind('reverted')).toMatchObject([{ cluster: 'ketch', kind: 'Deployment' }]);
    expect(ofKind('skipped').map(({ cluster }) => cluster)).toEqual(['tanker', 'tanker']);

    expect(stdout).toMatch(/^cutter +StatefulSet keys\/key-store +1 +failed$/m);
    expect(stdout).toMatch(/^why: cutter: CrashLoopBackOff: container key-store, .*exit code 1/m);
    expect(stdout).toMatch(
      /^ketch +Deployment keys\/processor +1 +reverted\b.* argocd-controller$/m,
    );
    expect(stdout).toMatch(/^why: ketch: .*is applied by Argo CD application harbour$/m);
    expect(stdout).toMatch(/^tanker +\S+ keys\/\S+ +0 +skipped: halted$/m);
    expect(stdout).toMatch(/^waves: 1 of 3 done \(canary, early, rest\)$/m);
    expect(stdout).toMatch(/^halted \(budget\): 2 workloads have failed/m);
    // What `rollcall runs` says.
    expect(stdout).toMatch(/^20\S+Z +halted +1\/3 +2 /m);
  });
});
