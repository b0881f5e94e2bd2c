import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, request } from 'undici';
import { buildJob } from '../../jobs/restart/build.ts';
import { makeAuthority } from '../../src/simulator/servers/certificates.ts';
import { listen, send, type LoopbackServer } from '../../src/simulator/servers/loopback.ts';
import type { Place } from '../../src/simulator/servers/start.ts';
import { Random } from '../simulation/prng.ts';
import { faultKinds, nextFault, suffer, type FaultKind } from './support/fleet-faults.ts';
import {
  allKept,
  figuresOf,
  growthOf,
  type FleetFigures,
  type FleetSample,
} from './support/fleet-figures.ts';
import { boundOf, hub } from './support/fleet-file.ts';
import { runFleet } from './support/fleet-run.ts';
import { counted, kindOf, sumOf, targetKinds, type Tally } from './support/fleet-tally.ts';
import { fleetText } from './support/fleet-text.ts';

describe('a request', () => {
  const target: Place = { kind: 'cluster', name: 'cluster-000' };
  const hubPlace: Place = { kind: 'cluster', name: hub };
  const deployments = '/apis/apps/v1/namespaces/bench/deployments';
  const record = '/api/v1/namespaces/rollcall/configmaps/record';
  const lease = '/apis/coordination.k8s.io/v1/namespaces/rollcall/leases/run';
  const rules = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
  it.each<[kind: string, place: Place, method: string, path: string]>([
    ['describe', { kind: 'eks' }, 'GET', '/clusters/one'],
    ['assumeRole', { kind: 'sts' }, 'POST', '/'],
    ['list', target, 'GET', `${deployments}?limit=500`],
    ['watch', target, 'GET', `${deployments}?watch=1&resourceVersion=5`],
    ['get', target, 'GET', `${deployments}/one`],
    ['patch', target, 'PATCH', `${deployments}/one?fieldManager=rollcall`],
    ['review', target, 'POST', rules],
    ['other', target, 'GET', '/version'],
    ['other', target, 'DELETE', `${deployments}/one`],
    ['other', target, 'GET', record],
    ['recordRead', hubPlace, 'GET', record],
    ['recordWrite', hubPlace, 'PATCH', record],
    ['lease', hubPlace, 'PUT', lease],
    ['otherOfHub', hubPlace, 'GET', deployments],
  ])('is counted as %s: %j %s %s', (kind, place, method, path) => {
    expect(kindOf(place, { method, path, signed: true })).toBe(kind);
  });

  it('without a signature to STS is the web identity', () => {
    const asked = { method: 'POST', path: '/', signed: false };
    expect(kindOf({ kind: 'sts' }, asked)).toBe('webIdentity');
  });

  it('is counted with those of other kinds, and faulty ones apart', () => {
    const tally = [false, true, false].reduce<Tally>(
      (sum, faulty) => counted(sum, 'patch', faulty),
      counted({}, 'lease', true),
    );
    expect(sumOf(tally, targetKinds)).toEqual({ requests: 3, faults: 1 });
  });
});

it.each([
  [200, 50, 200],
  [20, 50, 20],
  [21, 51, 44],
  [1, 1, 2],
])('%d clusters × %d workloads take no less than %d s', (clusters, workloads, bound) => {
  expect(boundOf({ clusters, workloads, rolloutSeconds: 2 })).toBe(bound);
});

describe('a run', () => {
  const megabyte = 1e6;
  // Bound by its limits to 20 s.
  const sample = (change: Partial<FleetSample> = {}): FleetSample => ({
    size: { clusters: 20, workloads: 50, rolloutSeconds: 2 },
    faultShare: 0.02,
    measured: {
      code: 0,
      wallMs: 25_000,
      cpuMs: 5000,
      peakBytes: 200 * megabyte,
      programs: 1,
    },
    others: 0,
    tally: {
      patch: { requests: 1001, faults: 1 },
      get: { requests: 2, faults: 0 },
      list: { requests: 40, faults: 0 },
      watch: { requests: 20, faults: 0 },
      review: { requests: 20, faults: 0 },
      describe: { requests: 20, faults: 0 },
      assumeRole: { requests: 20, faults: 0 },
      recordWrite: { requests: 500, faults: 30 },
    },
    stamped: [[1, 1000]],
    exit: 'ok',
    counts: { restarted: 1000 },
    ...change,
  });
  const broken = (change?: Partial<FleetSample>): readonly string[] =>
    figuresOf(sample(change))
      .checks.filter(({ kept }) => !kept)
      .map(({ what }) => what);
  const { measured, tally } = sample();

  it('may be at every bound', () => {
    expect(broken()).toEqual([]);
  });

  it.each<[what: string, change: Partial<FleetSample>]>([
    [
      'restarted more than once',
      {
        stamped: [
          [1, 999],
          [2, 1],
        ],
      },
    ],
    [
      'never restarted',
      {
        stamped: [
          [1, 999],
          [0, 1],
        ],
      },
    ],
    ['never restarted', { stamped: [[1, 999]] }],
    ['not reported as restarted', { counts: { restarted: 999, alreadyRestarted: 1 } }],
    ['wall time, of the limits’ own', { measured: { ...measured, wallMs: 25_001 } }],
    ['peak memory, MB', { measured: { ...measured, peakBytes: 200 * megabyte + 1 } }],
    ['requests', { tally: { ...tally, get: { requests: 3, faults: 0 } } }],
    ['requests', { tally: { ...tally, patch: { requests: 1001, faults: 0 } } }],
  ])('is told apart: %s, %j', (what, change) => {
    expect(broken(change)).toEqual([what]);
    expect(fleetText([figuresOf(sample(change))]).match(/ABOVE/g)).toHaveLength(1);
  });

  it('must not ask for what has no name here', () => {
    const other = { requests: 1, faults: 1 };
    expect(broken({ tally: { ...tally, other } })).toEqual(['requests of no known kind']);
  });

  const sized = (clusters: number, cpuMs: number, faultShare = 0.02): FleetFigures =>
    figuresOf(
      sample({
        size: { clusters, workloads: 50, rolloutSeconds: 200 },
        measured: { ...measured, cpuMs },
        stamped: [[1, clusters * 50]],
        counts: { restarted: clusters * 50 },
        faultShare,
      }),
    );

  it.each([
    [12_000, 1.5, true],
    [12_001, 1.5, false],
    [8000, 1, true],
  ])('of 8 times the workloads may cost %d ms, %d times as much each: %s', (ms, found, kept) => {
    // The faultless run, dearer than any, is not what is compared.
    const figures = [sized(20, 9999, 0), sized(160, ms), sized(80, 9999), sized(20, 1000)];
    expect(growthOf(figures)?.found).toBeCloseTo(found, 3);
    expect(growthOf(figures)?.kept).toBe(kept);
    expect(allKept([sized(20, 1000), sized(160, ms)])).toBe(kept);
  });

  it('alone says nothing of growth', () => {
    expect(growthOf([sized(20, 1)])).toBeUndefined();
  });
});

describe('a fault', () => {
  it('meets the share of requests that it should, each kind alike, and again so by the same seed', () => {
    const sequence = (seed: number): readonly (FaultKind | undefined)[] => {
      const random = new Random(seed);
      return Array.from({ length: 20_000 }, () => nextFault(random, 0.02));
    };
    const one = sequence(1);
    for (const kind of faultKinds) {
      const count = one.filter((fault) => fault === kind).length;
      expect(count).toBeGreaterThan(70);
      expect(count).toBeLessThan(130);
    }
    expect(sequence(1)).toEqual(one);
    expect(sequence(2)).not.toEqual(one);
  });

  let fault: FaultKind | undefined;
  let reached = 0;
  let server: LoopbackServer;
  let agent: Agent;
  beforeAll(async () => {
    const authority = await makeAuthority('test');
    const place: Place = { kind: 'cluster', name: 'cluster-000' };
    server = await listen(await authority.issue(), async (asked, response) => {
      const handler = (): Promise<void> => {
        reached += 1;
        send(response, 200, 'application/json', '{}');
        return Promise.resolve();
      };
      if (fault) await suffer(fault, handler, { request: asked, response, place });
      else await handler();
    });
    agent = new Agent({ connect: { ca: authority.pem } });
  });
  afterAll(async () => {
    await agent.destroy();
    await server.close();
  });
  const ask = async () => {
    const { statusCode, headers, body } = await request(server.url, {
      dispatcher: agent,
      method: 'PATCH',
      body: 'x'.repeat(100_000),
    });
    await body.dump();
    return { status: statusCode, retryAfter: headers['retry-after'] };
  };

  it.each<[FaultKind, unknown, number]>([
    ['resetBefore', 'broken', 0],
    ['resetAfter', 'broken', 1],
    ['serverError', { status: 500, retryAfter: undefined }, 0],
    ['throttled', { status: 429, retryAfter: '1' }, 0],
  ])('%s: %j, and %d times it took place', async (kind, answer, times) => {
    fault = kind;
    reached = 0;
    expect(await ask().catch(() => 'broken')).toEqual(answer);
    expect(reached).toBe(times);
    fault = undefined;
    expect(await ask()).toEqual({ status: 200, retryAfter: undefined });
  });
});

describe('the bundled job over a small fleet', () => {
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rollcall-fleet-'));
    await buildJob(join(folder, 'restart.mjs'));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('asks for no more than it needs, to the last request', async () => {
    const sample = await runFleet({
      size: { clusters: 3, workloads: 2, rolloutSeconds: 0.2 },
      faultShare: 0,
      seed: 1,
      bundle: join(folder, 'restart.mjs'),
      folder: join(folder, 'fleet'),
    });
    const { requests, faults, exit, checks } = figuresOf(sample);
    expect({ requests, faults, exit }).toEqual({ requests: 6 + 3 * 6, faults: 0, exit: 'ok' });
    const timeless = checks.filter(({ what }) => !what.startsWith('wall time'));
    expect(timeless.filter(({ kept }) => !kept)).toEqual([]);
  }, 120_000);
});
