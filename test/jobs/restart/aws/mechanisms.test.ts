import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createSessions } from '../../../../jobs/restart/aws/sessions/sessions.ts';
import type { Link } from '../../../../jobs/restart/link-error.ts';
import type { AccountId, RoleArn } from '../../../../src/names/arn.ts';
import { breakIdentity, type IdentityLink } from '../../../../src/simulator/break-identity.ts';
import { podAnnotations } from '../../../../src/simulator/breaks/generated-roles.ts';
import { breakLink } from '../../../../src/simulator/breaks.ts';
import { realClock } from '../../../../src/simulator/clock.ts';
import { podEnvironment } from '../../../../src/simulator/identity/pod-environment.ts';
import { issueServiceAccountToken } from '../../../../src/simulator/identity/service-account-tokens.ts';
import type { World } from '../../../../src/simulator/load/world.ts';
import { startServers } from '../../../../src/simulator/servers/start.ts';
import { loadFleet } from '../../../simulator/support/fleet.ts';
import { linkErrorOf } from '../support/aws-answers.ts';
import {
  mechanismFleets,
  serviceAccount,
  type MechanismFleet,
  type MechanismName,
} from '../support/mechanism-fleets.ts';
import { makeTarget } from '../support/targets.ts';
import { InstantClock } from '../support/virtual-clock.ts';

const targets = {
  'golf-prd': makeTarget(),
  'hotel-prd': makeTarget({
    cluster: 'hotel-prd',
    account: '214365870921' as AccountId,
    roleArn: 'arn:aws:iam::214365870921:role/eks-key-restarter-prd' as RoleArn,
  }),
};
type Target = keyof typeof targets;

let cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const run of cleanUp.reverse()) await run();
  cleanUp = [];
});

/** The world of a mechanism, and the job's way to a session of each target in it. */
async function start(name: MechanismName, spoil: (world: World) => void = () => undefined) {
  const mechanism: MechanismFleet = mechanismFleets[name];
  const world = await loadFleet({ ...mechanism.fleet, clock: realClock });
  spoil(world);
  const servers = await startServers(world);
  const folder = await mkdtemp(join(tmpdir(), 'mechanisms-'));
  cleanUp.push(async () => {
    await servers.close();
    world.close();
    await rm(folder, { recursive: true });
  });
  setDefaultCACertificates([...getCACertificates('bundled'), servers.ca]);
  process.env['AWS_ENDPOINT_URL_STS'] = servers.sts;

  const { namespace, name: account } = serviceAccount;
  const { manifests = [] } = world.clusters.get('ci') ?? {};
  const cronJob = manifests.find(({ kind }) => kind === 'CronJob');
  const annotations = podAnnotations(cronJob?.spec ?? {});
  const pod = { namespace, name: 'job', uid: 'u', serviceAccount: account, annotations };
  world.clusters.get('ci')?.pods.set(`${namespace}/job`, pod);
  const injected = podEnvironment(world, 'ci', namespace, account, {
    tokenPath: join(folder, 'token'),
    podIdentityAgent: servers.podIdentityAgent('ci'),
  });
  if (injected) {
    const { audience, lifetimeSeconds, path } = injected.token;
    const token = issueServiceAccountToken(
      world,
      'ci',
      namespace,
      account,
      audience,
      lifetimeSeconds,
      pod,
    );
    await writeFile(path, token);
  }
  const sessions = createSessions(mechanism.identity, {
    environment: {
      ...injected?.environment,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: servers.metadataService('ci', pod),
    },
    // Waits for the agents' caches, which are never behind here, take no time.
    clock: new InstantClock(Date.now()),
    restart: 'after-key-creation',
    version: '0.0.0',
  });
  const { externalId } = mechanism;
  const session = (target: Target) =>
    sessions({ ...targets[target], ...(externalId === undefined ? {} : { externalId }) })();
  /** Whose session it is. */
  const becomes = async (target: Target): Promise<string> => {
    const { accessKeyId } = await session(target);
    const found = world.sessions.find(accessKeyId);
    return found && 'role' in found ? found.role.arn : 'nobody';
  };
  return { session, becomes };
}

const bothTargets: readonly Target[] = ['golf-prd', 'hotel-prd'];

describe("the job becomes the targets' roles", () => {
  it.each<[MechanismName, readonly Target[]]>([
    ['irsa', bothTargets],
    ['direct', bothTargets],
    ['podIdentity', bothTargets],
    ['targetRole', ['hotel-prd']],
    ['kiam', bothTargets],
    ['kube2iam', bothTargets],
  ])('by %s', async (name, reached) => {
    const { becomes } = await start(name);
    for (const target of reached) expect(await becomes(target)).toBe(targets[target].roleArn);
  });
});

describe('what is broken is named, with what to compare', () => {
  it.each<[MechanismName, IdentityLink | 'subject' | 'trust', Link, RegExp]>([
    ['irsa', 'subject', 'subject', /the trust policy of .*eks-key-restarter-prd with the token/],
    [
      'direct',
      'provider',
      'provider',
      /No OpenIDConnect provider .* in the role's account 214365870921 with/,
    ],
    ['podIdentity', 'association', 'identity', /AWS_CONTAINER_CREDENTIALS_FULL_URI.*not set/],
    ['podIdentity', 'hub-tag-session', 'subject', /EKS does not have permissions.*sts:TagSession/],
    ['podIdentity', 'subject', 'subject', /trust policy of .*eks-key-restarter-prd with/],
    ['podIdentity', 'tag-session', 'trust', /with sts:TagSession beside sts:AssumeRole, the/],
    ['targetRole', 'external-id', 'subject', /that role's trust and external id too/],
    ['targetRole', 'tag-session', 'subject', /EKS does not have permissions/],
    [
      'kiam',
      'namespace-annotation',
      'identity',
      /forbidden by policy.*iam\.amazonaws.com\/permitted/,
    ],
    [
      'kiam',
      'namespace-mismatch',
      'identity',
      /forbidden by policy.*iam\.amazonaws.com\/permitted/,
    ],
    ['kiam', 'external-id', 'trust', /the source identity key-restarter and the fleet file's ext/],
    [
      'kube2iam',
      'namespace-annotation',
      'identity',
      /not valid for namespace.*iam\.amazonaws\.com\/allowed-roles/,
    ],
    ['kube2iam', 'namespace-mismatch', 'identity', /not valid for namespace of pod/],
    ['kube2iam', 'trust', 'trust', /the trust policy of .* with the principal/],
  ])('%s without its %s: %s', async (name, broken, link, message) => {
    const { session } = await start(name, (world) => {
      if (broken === 'subject' || broken === 'trust') breakLink(world, broken, undefined);
      else breakIdentity(world, broken);
    });
    const error = await linkErrorOf(session('hotel-prd'));
    expect(error.message).toMatch(message);
    expect([error.link, error.transient]).toEqual([link, false]);
  });

  it('and of one target alone leaves the other', async () => {
    for (const [name, broken] of [
      ['direct', 'provider'],
      ['podIdentity', 'tag-session'],
      ['kiam', 'external-id'],
    ] as const) {
      const { becomes } = await start(name, (world) => breakIdentity(world, broken));
      expect(await becomes('golf-prd')).toBe(targets['golf-prd'].roleArn);
    }
  });

  it.each(['kiam', 'kube2iam'] as const)('%s that does not stand before the node', async (name) => {
    const { session } = await start(name, (world) => {
      const cluster = world.clusters.get('ci');
      const nodeRole = cluster?.nodes.nodeRole;
      Object.assign(cluster ?? {}, { nodes: { nodeRole } });
    });
    const error = await linkErrorOf(session('hotel-prd'));
    expect(error.message).toMatch(
      /gives the role "nodes"\. .* where it is the node's own role, whe/,
    );
    expect(error.link).toBe('identity');
  });

  it.each(['kiam', 'kube2iam'] as const)('%s that the role does not trust', async (name) => {
    const { session } = await start(name, ({ iam }) => {
      const role = iam.role('arn:aws:iam::903716715040:role/eks-key-restarter-prd');
      if (role) role.trust = [];
    });
    const error = await linkErrorOf(session('hotel-prd'));
    expect(error.message).toMatch(/not authorized to perform: sts:AssumeRole.*with the role of/);
    expect([error.link, error.transient]).toEqual(['subject', false]);
  });
});
