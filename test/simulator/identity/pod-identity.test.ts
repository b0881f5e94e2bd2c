import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { askPodIdentity } from '../../../src/simulator/identity/pod-identity-agent.ts';
import { podEnvironment } from '../../../src/simulator/identity/pod-environment.ts';
import { issueServiceAccountToken } from '../../../src/simulator/identity/service-account-tokens.ts';
import type { World } from '../../../src/simulator/load/world.ts';
import { VirtualClock } from '../../../src/simulator/virtual-clock.ts';
import { hubAccount, hubRole, policy } from '../support/aws.ts';
import { loadFleet } from '../support/fleet.ts';

const clock = new VirtualClock();
const audience = 'pods.eks.amazonaws.com';
const clusterArn = `arn:aws:eks:eu-west-1:${hubAccount}:cluster/ci`;

let world: World;
beforeAll(async () => {
  world = await loadFleet({
    clock,
    change(files) {
      files[`_iam/${hubAccount}/eks-key-restarter-prd/trust-policy.json`] = policy({
        Effect: 'Allow',
        Principal: { Service: audience },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: { ArnEquals: { 'aws:SourceArn': clusterArn } },
      });
    },
  });
});
afterAll(() => {
  world.close();
});

const hub = () => {
  const found = world.clusters.get('ci');
  if (!found) throw new Error('no hub');
  return found;
};
beforeEach(() => {
  hub().associations.splice(0, 1, {
    clusterArn,
    namespace: 'sts',
    serviceAccount: 'key-restarter',
    roleArn: hubRole,
  });
});

const pod = { name: 'job-x', uid: 'u-1' };
const token = (aud = audience, serviceAccount = 'key-restarter') =>
  issueServiceAccountToken(world, 'ci', 'sts', serviceAccount, aud, 3600, pod);

describe('the agent', () => {
  it("gives a session with the pod's tags for its token", () => {
    const { status, body } = askPodIdentity(world, hub(), token());
    expect(status).toBe(200);
    const { AccessKeyId, AccountId } = JSON.parse(body) as Record<string, string>;
    expect(AccountId).toBe(hubAccount);
    const session = world.sessions.find(AccessKeyId ?? '');
    if (!session || !('role' in session)) throw new Error('no session');
    expect(session.role.arn).toBe(hubRole);
    expect(Object.fromEntries(session.tags ?? [])).toMatchObject({
      'eks-cluster-arn': clusterArn,
      'kubernetes-namespace': 'sts',
      'kubernetes-service-account': 'key-restarter',
      'kubernetes-pod-name': 'job-x',
      'kubernetes-pod-uid': 'u-1',
    });
  });

  it.each<[string, () => string | undefined, number, RegExp]>([
    ['no token', () => undefined, 400, /^Service account token cannot be empty\n$/],
    ['what is no token', () => 'x', 400, /\(InvalidTokenException\)/],
    [
      'a token for another',
      () => token('sts.amazonaws.com'),
      400,
      /audience .* sts\.amazonaws\.com/,
    ],
    [
      'a forged token',
      () => `${token().split('.').slice(0, 2).join('.')}.${'A'.repeat(342)}`,
      400,
      /\(InvalidTokenException\)/,
    ],
  ])('refuses %s', (_what, make, status, message) => {
    const answer = askPodIdentity(world, hub(), make());
    expect(answer.status).toBe(status);
    expect(answer.body).toMatch(message);
  });

  it('refuses a token that has ended, and one of another cluster', () => {
    const old = token();
    clock.advance(3_600_000);
    expect(askPodIdentity(world, hub(), old).body).toMatch(/\(ExpiredTokenException\)/);
    const other = { ...hub(), oidcIssuer: 'https://oidc.eks.eu-west-1.amazonaws.com/id/X' };
    expect(askPodIdentity(world, other, token()).body).toMatch(/\(InvalidTokenException\)/);
  });

  it('refuses whom nothing is associated with, and what the role does not trust', () => {
    hub().associations.length = 0;
    const nobody = askPodIdentity(world, hub(), token());
    expect(nobody.status).toBe(404);
    expect(nobody.body).toMatch(/\(ResourceNotFoundException\): No association/);
    hub().associations.push({
      clusterArn: clusterArn.replace('ci', 'other'),
      namespace: 'sts',
      serviceAccount: 'key-restarter',
      roleArn: hubRole,
    });
    expect(askPodIdentity(world, hub(), token()).body).toMatch(
      /\(AccessDeniedException\): Unauthorized Exception! EKS does not have permissions/,
    );
  });
});

describe('the environment of a pod', () => {
  const of = (serviceAccount: string) => podEnvironment(world, 'ci', 'sts', serviceAccount);

  it('is that of the association, whatever the ServiceAccount is annotated with', () => {
    const path = '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token';
    expect(of('key-restarter')).toEqual({
      environment: {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials',
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: path,
        AWS_REGION: 'eu-west-1',
        AWS_DEFAULT_REGION: 'eu-west-1',
        AWS_STS_REGIONAL_ENDPOINTS: 'regional',
      },
      token: { path, audience, lifetimeSeconds: 86_400 },
    });
  });

  it('is that of the annotation without one, and nothing without both', () => {
    hub().associations.length = 0;
    expect(of('key-restarter')?.environment).toMatchObject({ AWS_ROLE_ARN: hubRole });
    expect(of('other')).toBeUndefined();
    expect(podEnvironment(world, 'lima', 'sts', 'key-restarter')).toBeUndefined();
  });
});
