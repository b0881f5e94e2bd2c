import { afterAll, describe, expect, it } from '@jest/globals';
import { AwsError } from '../../../src/simulator/aws/aws-error.ts';
import { isRoleSession, type Session } from '../../../src/simulator/aws/sessions.ts';
import { askMetadata } from '../../../src/simulator/identity/metadata-service.ts';
import type { NodeAnswer } from '../../../src/simulator/identity/node-credentials.ts';
import {
  askPodIdentity,
  podIdentityAudience,
} from '../../../src/simulator/identity/pod-identity-agent.ts';
import { issueServiceAccountToken } from '../../../src/simulator/identity/service-account-tokens.ts';
import type { World } from '../../../src/simulator/load/world.ts';
import { appliedWorld, movingFleet, ownRole, pod, targetRole } from '../support/moving-world.ts';

type Way = 'irsa' | 'one hop' | 'eks-pod-identity' | 'kiam' | 'kube2iam';
const said = (way: Way): unknown => (way === 'one hop' ? { irsa: { hops: 1 } } : way);

const token = (world: World, audience: string): string =>
  issueServiceAccountToken(world, 'hub', pod.namespace, pod.serviceAccount, audience, 3600, {
    name: 'mover',
    uid: 'u',
  });

/** What an agent answers, as a session; or its refusal. */
function sessionOf(world: World, { status, body }: NodeAnswer): Session {
  if (status !== 200) throw new AwsError('Refused', body);
  const { AccessKeyId = '' } = JSON.parse(body) as Record<string, string>;
  const session = world.sessions.find(AccessKeyId);
  if (!session || !isRoleSession(session)) throw new Error(`no session ${AccessKeyId}`);
  return session;
}

/** The session that a pod made for that way gets, of the service's own role or of the target's. */
function firstSession(world: World, way: Way): Session {
  const hub = world.clusters.get('hub');
  if (!hub) throw new Error('no hub');
  switch (way) {
    case 'irsa':
    case 'one hop':
      return world.sts.assumeRoleWithWebIdentity({
        roleArn: way === 'irsa' ? ownRole : targetRole,
        roleSessionName: 'mover',
        webIdentityToken: token(world, 'sts.amazonaws.com'),
      });
    case 'eks-pod-identity':
      return sessionOf(world, askPodIdentity(world, hub, token(world, podIdentityAudience)));
    case 'kiam':
    case 'kube2iam': {
      const annotations = { 'iam.amazonaws.com/role': ownRole };
      const running = { ...pod, name: 'mover', uid: 'u', annotations };
      const path = '/latest/meta-data/iam/security-credentials/';
      const role = askMetadata(world, hub, running, { method: 'GET', path }).body;
      return sessionOf(
        world,
        askMetadata(world, hub, running, { method: 'GET', path: `${path}${role}` }),
      );
    }
  }
}

/** Whether a pod of that way comes to be the target's role. */
function reaches(world: World, way: Way): boolean {
  try {
    const first = firstSession(world, way);
    const last =
      way === 'one hop'
        ? first
        : world.sts.assumeRole(first, {
            roleArn: targetRole,
            roleSessionName: 'mover',
            externalId: 'moving:mover',
          });
    return last.role.arn === targetRole;
  } catch (error) {
    if (error instanceof AwsError) return false;
    throw error;
  }
}

// Making a world takes a while, and most moves share their beginnings and ends.
const worlds = new Map<string, Promise<World>>();
afterAll(async () => {
  for (const world of await Promise.all(worlds.values())) world.close();
});

async function stage(agent: 'kiam' | 'kube2iam', identity: object, ways: readonly [Way, Way]) {
  const text = movingFleet(agent, identity);
  const made = worlds.get(text) ?? appliedWorld(text);
  worlds.set(text, made);
  const world = await made;
  return ways.map((way) => reaches(world, way));
}

describe('pods of the old way and of the new one', () => {
  it.each<readonly [from: Way, to: Way]>([
    ['kiam', 'irsa'],
    ['kiam', 'one hop'],
    ['kiam', 'eks-pod-identity'],
    ['kube2iam', 'irsa'],
    ['kube2iam', 'one hop'],
    ['kube2iam', 'eks-pod-identity'],
    ['irsa', 'eks-pod-identity'],
    ['irsa', 'one hop'],
    ['irsa', 'kiam'],
    ['irsa', 'kube2iam'],
    ['one hop', 'irsa'],
    ['one hop', 'eks-pod-identity'],
    ['one hop', 'kiam'],
    ['one hop', 'kube2iam'],
  ])('from %s to %s: the one, then both, then the other', async (from, to) => {
    const ways = [from, to] as const;
    const agent = ways.includes('kube2iam') ? 'kube2iam' : 'kiam';
    const [podIdentity, migratingFrom] = [said(to), said(from)];
    expect({
      before: await stage(agent, { podIdentity: migratingFrom }, ways),
      during: await stage(agent, { podIdentity, migratingFrom }, ways),
      after: await stage(agent, { podIdentity }, ways),
    }).toEqual({ before: [true, false], during: [true, true], after: [false, true] });
  });
});
