import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync, appendFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../support/wait.ts';
import { AuditLog, type AuditEvent } from './support/audit-log.ts';
import { cpuOf, measure } from './support/measure.ts';
import { othersShare, processorTime } from './support/processor-time.ts';
import { checkBudget, countRequests } from './support/requests.ts';
import { resultOf, resultText } from './support/result.ts';
import type { Sample } from './support/rounds.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-figures-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const event = (verb: string, code = 200, userAgent = 'rollcall/1'): AuditEvent => ({
  verb,
  requestURI: '/',
  userAgent,
  objectRef: { resource: 'deployments', apiGroup: 'apps' },
  responseStatus: { code },
});
const many = (count: number, one: AuditEvent): readonly AuditEvent[] =>
  Array.from({ length: count }, () => one);

describe('the budget of requests', () => {
  const needed = [...many(3, event('patch')), event('list'), event('watch')];
  const cases: readonly [string, readonly AuditEvent[], boolean][] = [
    ['holds all that is needed', needed, true],
    ['leaves retries apart', [...needed, event('patch', 409), event('list', 429)], true],
    ['leaves access reviews apart', [...needed, event('create', 201)], true],
    ['is broken by a patch too many', [...needed, event('patch')], false],
    ['is broken by a patch too few', needed.slice(1), false],
    ['is broken by a list too many', [...needed, event('list')], false],
    ['is broken by a watch too many', [...needed, event('watch')], false],
  ];
  it.each(cases)('%s', (_, events, kept) => {
    expect(checkBudget(countRequests(events), { patches: 3, looks: 2 }).kept).toBe(kept);
  });

  it('names requests by verb, resource and status', () => {
    const scale = { ...event('get'), objectRef: { resource: 'pods', subresource: 'status' } };
    const discovery: AuditEvent = {
      verb: 'get',
      requestURI: '/apis',
      responseStatus: { code: 200 },
    };
    expect(countRequests([scale, discovery, ...many(2, event('patch', 409))])).toEqual([
      { verb: 'patch', resource: 'deployments.apps', code: 409, count: 2 },
      { verb: 'get', resource: 'discovery', code: 200, count: 1 },
      { verb: 'get', resource: 'pods/status', code: 200, count: 1 },
    ]);
  });
});

it("reads of the audit log what one user agent asked since the mark, and nothing of others'", async () => {
  const path = join(folder, 'audit.log');
  const line = (one: AuditEvent): string => `${JSON.stringify(one)}\n`;
  writeFileSync(path, line(event('patch')));
  const log = new AuditLog(path);
  log.mark();
  const asked = [event('list'), event('watch')];
  // The last line is not whole yet; another agent's URI may hold our name.
  const other = { ...event('get', 200, 'kubectl/1'), requestURI: '/?fieldManager=rollcall/' };
  appendFileSync(path, [...asked, other].map(line).join('') + line(event('patch')).slice(0, 30));
  expect(await log.of('rollcall/')).toEqual(asked);
});

describe('a measured script', () => {
  it('counts the time and memory of the programs that it names, and ends with its code', async () => {
    const busy =
      'const all = Buffer.alloc(2e8, 1); const end = Date.now() + 300; while (Date.now() < end);';
    const measured = await measure({
      script: 'measured "$1" -e "$2" && measured "$1" -e "process.exit(3)"',
      args: [process.execPath, busy],
      environment: {},
      folder,
    });
    expect(measured).toMatchObject({ code: 3, programs: 2 });
    expect(measured.peakBytes).toBeGreaterThan(2e8);
    expect(measured.wallMs).toBeGreaterThan(300);
    expect(measured.cpuMs).toBeGreaterThan(0);
  });

  it.each([
    ['0m0.710000s 0m0.090000s', 800],
    ['1m2.5s 0m0.50s', 63_000],
  ])('understands the times of a shell: %s', (line, ms) => {
    expect(cpuOf(line)).toBeCloseTo(ms);
  });
});

describe("the others' share of the machine", () => {
  const cores = cpus().length;
  it.each([
    ['is what is left of all that was used', 1000, 200, 300, 500 / (1000 * cores)],
    ['is never negative, though clocks are coarse', 100, 110, 0, 0],
  ])('%s', (_, machine, own, ended, share) => {
    const zero = { machine: 0, own: 0 };
    expect(othersShare(zero, { machine, own }, { wallMs: 1000, ended })).toBeCloseTo(share);
  });

  it('counts what children do as our own', async () => {
    const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
    try {
      const before = processorTime().own;
      await until('its work is seen', () => processorTime().own >= before + 100);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('the result', () => {
  const sample = (contender: string, round: number, seconds: number, kept?: boolean): Sample => ({
    contender,
    round,
    others: 0,
    measured: { code: 0, wallMs: seconds * 1000, cpuMs: 100, peakBytes: 2 ** 20, programs: 1 },
    requests: countRequests([event('list')]),
    hubRequests: [],
    ...(kept !== undefined && {
      budget: { kept, patches: 1, lists: 2, watches: 1, retries: 0, others: 0 },
    }),
  });
  const options = { workloads: 1, replicas: 1, podSeconds: 0, rounds: 3 };
  const samples = (kept: boolean): readonly Sample[] =>
    [99, 2, 4, 8].flatMap((seconds, round) => [
      sample('kubectl', round, seconds),
      sample('job', round, seconds / 2, kept || round !== 2),
    ]);

  it('compares medians with those of the first contender, without the round that warms up', () => {
    const [, job] = resultOf(options, samples(true)).contenders;
    expect(job?.wallSeconds).toEqual({ median: 2, min: 1, max: 4, ratio: 0.5, leastRatio: 0.5 });
    expect(job?.hubRequests).toEqual({ median: 0, min: 0, max: 0 });
  });

  it.each([
    [true, 'kept in 3 of 3 runs'],
    [false, 'BROKEN in 1 of 3 runs\n  job, round 2: 1 patches, 2 lists, 1 watches'],
  ])('says whether the budget was kept in every round: %s', (kept, text) => {
    const result = resultOf(options, samples(kept));
    expect(result.budget.kept).toBe(kept);
    expect(resultText(result)).toContain(text);
  });
});
