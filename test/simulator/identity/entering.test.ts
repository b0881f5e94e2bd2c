import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AccessEntries,
  type AuthenticationMode,
} from '../../../src/simulator/aws/access-entries.ts';
import { Authenticator } from '../../../src/simulator/aws/authenticator.ts';
import type { Actor } from '../../../src/simulator/aws/sessions.ts';
import { breakLink } from '../../../src/simulator/breaks.ts';
import { breakIdentity, identityLinks } from '../../../src/simulator/break-identity.ts';
import { makeAws, policy, roleTrust, hubRole, targetAccount } from '../support/aws.ts';
import { loadFleet, priorState } from '../support/fleet.ts';
import { presignedUrl, toToken } from '../support/requests.ts';
import type { World } from '../../../src/simulator/load/world.ts';

const inAccount = (resource: string) => `arn:aws:iam::${targetAccount}:${resource}`;
const roleArn = inAccount('role/team/deep');
const plain = inAccount('role/deep');
const userArn = inAccount('user/team/jo');
const aws = makeAws();
const role = aws.iam.createRole({ arn: roleArn, trust: policy(roleTrust(hubRole)) });
const user = aws.iam.createUser({ arn: userArn });

interface Case {
  readonly mode: AuthenticationMode;
  /** The username of an access entry, by its principal. */
  readonly entries?: Readonly<Record<string, string>>;
  readonly mapRoles?: string;
  readonly mapUsers?: string;
  readonly mapAccounts?: string;
}

/** Who an actor is to a cluster. */
async function enter(actor: Actor, { mode, entries = {}, ...sections }: Case): Promise<string> {
  const accessEntries = new AccessEntries(mode);
  for (const [principalArn, username] of Object.entries(entries)) {
    accessEntries.create({ principalArn, username, groups: ['g'], policies: [] });
  }
  const authenticator = new Authenticator({
    ...aws,
    clusterId: 'c',
    partition: 'aws',
    accessEntries,
    mapRoles: () => sections.mapRoles,
    mapUsers: () => sections.mapUsers,
    mapAccounts: () => sections.mapAccounts,
  });
  const { credentials } = actor;
  const url = await presignedUrl({ credentials, at: aws.clock.now(), cluster: 'c' });
  const result = await authenticator.authenticate(toToken(url));
  return result.kind === 'user' ? `${result.user.username} ${result.user.groups.join()}` : 'nobody';
}

const entry = (key: string, arn: string, username: string) =>
  JSON.stringify([{ [key]: arn, username, groups: ['h'] }]);
const byMap = (arn: string) => entry('rolearn', arn, 'by-map');

describe('a role with a path', () => {
  const session = () => aws.sessions.issue(role, 'night@home', 900);
  const byEntry = { [roleArn]: 'by:{{SessionName}}' };
  const entered = 'by:night-home g,system:authenticated';
  const mapped = 'by-map h,system:authenticated';

  it.each<[string, Case, string]>([
    ['an entry', { mode: 'API', entries: byEntry }, entered],
    ['an entry without the path', { mode: 'API', entries: { [plain]: 'x' } }, 'nobody'],
    [
      'an entry in another case',
      { mode: 'API', entries: { [roleArn.replace('deep', 'Deep')]: 'x' } },
      'nobody',
    ],
    ['aws-auth, path and all', { mode: 'CONFIG_MAP', mapRoles: byMap(roleArn) }, 'nobody'],
    ['aws-auth without the path', { mode: 'CONFIG_MAP', mapRoles: byMap(plain) }, mapped],
    ['aws-auth that nobody reads', { mode: 'API', mapRoles: byMap(plain) }, 'nobody'],
    [
      'both, of which the entry wins',
      { mode: 'API_AND_CONFIG_MAP', entries: byEntry, mapRoles: byMap(plain) },
      entered,
    ],
    [
      'aws-auth beside entries of others',
      { mode: 'API_AND_CONFIG_MAP', entries: { [plain]: 'x' }, mapRoles: byMap(plain) },
      mapped,
    ],
    [
      'its account',
      { mode: 'CONFIG_MAP', mapAccounts: `["${targetAccount}"]` },
      `${plain} system:authenticated`,
    ],
    ['nothing', { mode: 'API_AND_CONFIG_MAP' }, 'nobody'],
  ])('by %s', async (_what, how, expected) => {
    expect(await enter(session(), how)).toBe(expected);
  });
});

describe('an IAM user', () => {
  const session = () => aws.sessions.createAccessKey(user);

  it.each<[string, Case, string]>([
    [
      'mapUsers',
      { mode: 'CONFIG_MAP', mapUsers: entry('UserARN', userArn, 'jo') },
      'jo h,system:authenticated',
    ],
    ['mapRoles', { mode: 'CONFIG_MAP', mapRoles: entry('rolearn', 'x', 'jo') }, 'nobody'],
    ['an entry', { mode: 'API', entries: { [userArn]: 'jo' } }, 'jo g,system:authenticated'],
    ['broken mapUsers', { mode: 'CONFIG_MAP', mapUsers: '- [' }, 'nobody'],
  ])('by %s', async (_what, how, expected) => {
    expect(await enter(session(), how)).toBe(expected);
  });
});

it('a cluster admin by an access policy is one, and by another policy nobody', async () => {
  const groupsBy = async (name: string, namespaces: readonly string[] = []) => {
    const accessEntries = new AccessEntries('API');
    const policyArn = `arn:aws:eks::aws:cluster-access-policy/${name}`;
    const policies = [{ policyArn, namespaces }];
    accessEntries.create({ principalArn: roleArn, username: 'a', groups: [], policies });
    const options = { ...aws, clusterId: 'c', partition: 'aws', accessEntries } as const;
    const { credentials } = aws.sessions.issue(role, 'xx', 900);
    const url = await presignedUrl({ credentials, at: aws.clock.now(), cluster: 'c' });
    const authenticator = new Authenticator({ ...options, mapRoles: () => undefined });
    const result = await authenticator.authenticate(toToken(url));
    return result.kind === 'user' ? result.user.groups : [];
  };
  expect(await groupsBy('AmazonEKSClusterAdminPolicy')).toContain('system:masters');
  expect(await groupsBy('AmazonEKSClusterAdminPolicy', ['a'])).not.toContain('system:masters');
  expect(await groupsBy('AmazonEKSViewPolicy')).toEqual(['system:authenticated']);
});

describe('breaking', () => {
  let world: World;
  beforeAll(async () => {
    const prior = priorState() as { clusters: object[] };
    world = await loadFleet({
      prior: {
        ...prior,
        clusters: prior.clusters.map((one) => ({ ...one, authenticationMode: 'API' })),
      },
    });
  });
  afterAll(() => {
    world.close();
  });

  it('a mapping takes the access entry out', () => {
    const cluster = world.clusters.get('hotel-prd');
    const principalArn = 'arn:aws:iam::214365870921:role/eks-key-restarter-prd';
    cluster?.accessEntries.create({ principalArn, username: 'sts', groups: [], policies: [] });
    expect(breakLink(world, 'mapping').changes).toContain(
      `hotel-prd has no access entry for ${principalArn}`,
    );
    expect(cluster?.accessEntries.all()).toEqual([]);
  });

  it.each(identityLinks)('%s finds nothing in a fleet that has none', (link) => {
    expect(() => breakIdentity(world, link)).toThrow(/There is no generated .* to break/);
  });
});
