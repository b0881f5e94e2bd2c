import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startJob, type JobEnd } from '../../src/demo/job-process.ts';
import { startSimulatedFleet, type SimulatedFleet } from '../../src/demo/simulated-fleet.ts';
import { makePod } from '../../src/demo/simulated-pod.ts';
import { breakIdentity, type IdentityLink } from '../../src/simulator/break-identity.ts';

const fleetFile = fileURLToPath(new URL('../../examples/identities.yaml', import.meta.url));
const restarts = ['irsa', 'token', 'pod', 'target', 'kiam', 'kube2iam'].map(
  (name) => `nightly-${name}`,
);
const minute = 60_000;
const scheduled = Math.floor(Date.now() / minute) * minute;

/** What each workload came to, by cluster. */
const outcomes = ({ report }: JobEnd): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (report?.workloads ?? []).map(({ cluster, outcome }) => [
      cluster,
      'link' in outcome ? `${outcome.kind} ${outcome.link}` : outcome.kind,
    ]),
  );

/** What looks like a credential. */
const secretsIn = ({ stdout, stderr }: JobEnd): readonly string[] =>
  `${stdout}${stderr}`.match(/(?:ASIA|AKIA)[A-Z2-7]{16}|eyJ[\w-]{20,}|IQoJ[\w+/]{20,}/g) ?? [];

let folder: string;
let fleet: SimulatedFleet;

const run = (restart: string, name: string): Promise<JobEnd> =>
  startJob({ bundle: fleet.bundle, pod: makePod(fleet, scheduled, name, restart) }).ended;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-mechanisms-'));
  fleet = await startSimulatedFleet({ fleetFile, folder });
}, 60_000);

afterAll(async () => {
  await fleet.close();
  await rm(folder, { recursive: true });
});

describe('the bundled job in a pod of each mechanism', () => {
  it.each(restarts)('%s restarts what it reaches', async (restart) => {
    const end = await run(restart, restart);
    expect(end.stderr).toContain('restarted');
    const shop = { shop: 'restarted' };
    expect(outcomes(end)).toEqual(
      restart === 'nightly-target' ? shop : { ...shop, books: 'restarted' },
    );
    expect(end.code).toBe(0);
    expect(secretsIn(end)).toEqual([]);
  });
});

// Each goes on from what the one before has broken: they break what others don't need.
describe('and with its identity broken', () => {
  it.each<[string, IdentityLink, string | undefined, Readonly<Record<string, string>>, RegExp]>([
    [
      'nightly-token',
      'provider',
      'books',
      { shop: 'alreadyRestarted', books: 'forbidden provider' },
      /an IAM OIDC provider in the role's account 000000000030 with the token's iss https/,
    ],
    [
      'nightly-pod',
      'tag-session',
      'books',
      { shop: 'alreadyRestarted', books: 'forbidden trust' },
      /sts:TagSession beside sts:AssumeRole/,
    ],
    [
      'nightly-target',
      'association',
      undefined,
      { shop: 'forbidden identity' },
      /AWS_CONTAINER_CREDENTIALS_FULL_URI and AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE not set/,
    ],
    [
      'nightly-kube2iam',
      'namespace-annotation',
      undefined,
      { shop: 'forbidden identity', books: 'forbidden identity' },
      /not valid for namespace of pod .* Compare: the annotation iam\.amazonaws\.com\/allowed-roles/,
    ],
    [
      'nightly-kiam',
      'pod-annotation',
      undefined,
      { shop: 'forbidden identity', books: 'forbidden identity' },
      /404: empty role\. Compare: the annotation iam\.amazonaws\.com\/role of the CronJob's pods/,
    ],
  ])(
    '%s without its %s says so',
    async (restart, link, cluster, expected, message) => {
      expect(breakIdentity(fleet.world, link, cluster).changes).not.toEqual([]);
      const end = await run(restart, `${restart}-broken`);
      expect(outcomes(end)).toEqual(expected);
      expect(JSON.stringify(end.report)).toMatch(message);
      expect(secretsIn(end)).toEqual([]);
    },
    30_000,
  );
});
