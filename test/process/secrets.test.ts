import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TestFleets, type TestFleet } from '../contract/support/fleets.ts';
import { intercept, requests } from '../contract/support/intercept.ts';
import type { Traces } from '../contract/support/job.ts';
import {
  simulatedLaboratory,
  type SimulatedLab,
} from '../contract/support/simulated-laboratory.ts';

jest.setTimeout(60_000);

const fleets = new TestFleets(simulatedLaboratory);
let fleet: TestFleet<SimulatedLab>;
beforeAll(async () => {
  fleet = await fleets.start();
  await fleet.run(fleet.nextRun());
});
afterAll(() => fleets.close());

const silent: Traces = { stdout: '', stderr: '', reportFile: '', terminationLog: '' };

describe('the search for secrets', () => {
  it('knows those of every hop', () => {
    const kinds = new Set(
      [...fleet.secrets.all.values()].map((what) => what.replace(/ of pod-\d+$/, '')),
    );
    const roles = ['eks-key-restarter-prd', 'sts-prd-js-encryption-role'];
    for (const role of roles) {
      expect(kinds).toContain(`a secret access key of ${role}`);
      expect(kinds).toContain(`a session token of ${role}`);
    }
    expect(kinds).toContain('the token');
    expect(kinds).toContain('the web-identity-token');
    expect(kinds).toContain('a presigned URL');
    expect(kinds).toContain('an EKS token');
  });

  it.each(['stdout', 'stderr', 'reportFile', 'terminationLog'] as const)(
    'finds each of them in the %s',
    async (place) => {
      for (const [secret, what] of fleet.secrets.all) {
        const leaks = await fleet.secrets.leaks([silent, { ...silent, [place]: `x ${secret}"` }]);
        expect(leaks).toContain(`${what} in the ${place} of job 2`);
      }
      expect(await fleet.secrets.leaks([silent])).toEqual([]);
    },
  );

  it("finds one in the hub's run record", async () => {
    const name = 'after-key-creation-record-0';
    const recorded = fleet.lab.kube('ci').read('ConfigMap', 'sts', name);
    expect(JSON.stringify(recorded)).toContain('workloads.json');
    const [secret = '', what = ''] = [...fleet.secrets.whole][0] ?? [];
    const record = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'sts', name } };
    fleet.lab.kube('ci').apply({ ...record, data: { planted: secret } });
    expect(await fleet.leaks()).toEqual([`${what} in the ConfigMap ${name}`]);
    fleet.lab.kube('ci').apply(record);
  });
});

it('servers that give back every secret in their refusals are not quoted', async () => {
  const hostile = await fleets.start();
  for (const [cluster, what] of [
    ['golf-pp', 'list'],
    ['golf-dev', 'patch'],
  ] as const) {
    intercept(hostile.lab.kube(cluster), async (request, handle) => {
      const answer = await handle();
      if (!requests[what](request)) return answer;
      const bearer = request.headers.authorization ?? '';
      const presigned = Buffer.from(bearer.split('.').at(-1) ?? '', 'base64url').toString();
      const secrets = [bearer, presigned, ...hostile.secrets.whole.keys()];
      const message = `refused: ${secrets.join(' ')}`;
      const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: 403, message };
      return { kind: 'json', status: 403, body };
    });
  }
  const { code, report } = await hostile.run(hostile.nextRun());
  expect(code).toBe(3);
  const refused = (report?.workloads ?? []).filter(({ cluster }) => cluster !== 'golf-prd');
  expect(refused).toHaveLength(4);
  for (const { outcome } of refused) {
    const message = expect.stringContaining('removed]') as unknown;
    expect(outcome).toEqual({ kind: 'forbidden', link: 'rbac', message });
  }
  expect(await hostile.leaks()).toEqual([]);
});

it('shows no secret', async () => {
  expect(await fleets.leaks()).toEqual([]);
});
