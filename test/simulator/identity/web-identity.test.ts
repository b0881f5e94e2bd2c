import { beforeAll, describe, expect, it } from '@jest/globals';
import { decodeClaims } from '../../../src/simulator/aws/issuers.ts';
import {
  authenticateServiceAccount,
  issueServiceAccountToken,
} from '../../../src/simulator/identity/service-account-tokens.ts';
import { webhookEnvironment } from '../../../src/simulator/identity/webhook.ts';
import type { World } from '../../../src/simulator/load/world.ts';
import { VirtualClock } from '../../../src/simulator/virtual-clock.ts';
import { hubRole, issuer } from '../support/aws.ts';
import { loadFleet } from '../support/fleet.ts';

const apiServer = 'https://kubernetes.default.svc';
const clock = new VirtualClock();
let world: World;
beforeAll(async () => {
  world = await loadFleet({ clock });
});

const hub = () => {
  const found = world.clusters.get('ci');
  if (!found) throw new Error('no hub');
  return found;
};
const serviceAccount = (name: string, annotations: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace: 'sts', annotations },
});

describe('a ServiceAccount token', () => {
  it('says what the issuer of EKS says', () => {
    const token = issueServiceAccountToken(world, 'ci', 'sts', 'key-restarter', 'x', 3600);
    expect(decodeClaims(token)).toMatchObject({
      iss: issuer,
      sub: 'system:serviceaccount:sts:key-restarter',
      aud: ['x'],
      exp: clock.now() / 1000 + 3600,
    });
  });

  it.each<[string, string, string, number, string]>([
    ['golf-prd', 'sts', 'key-restarter', 600, 'golf-prd is not a hub'],
    ['lima', 'sts', 'key-restarter', 600, 'lima is not a hub'],
    ['ci', 'sts', 'other', 600, 'serviceaccounts "other" not found in ci/sts'],
    ['ci', 'default', 'key-restarter', 600, 'not found in ci/default'],
    ['ci', 'sts', 'key-restarter', 599, 'less than 10 minutes'],
  ])('of %s %s/%s for %i s is refused', (cluster, namespace, name, seconds, message) => {
    const issue = () => issueServiceAccountToken(world, cluster, namespace, name, 'x', seconds);
    expect(issue).toThrow(message);
  });

  it('is known to its own API server, until it ends', () => {
    const token = issueServiceAccountToken(world, 'ci', 'sts', 'key-restarter', apiServer, 600);
    const other = issueServiceAccountToken(world, 'ci', 'sts', 'key-restarter', 'x', 600);
    const authenticate = (bearer: string) => authenticateServiceAccount(world, hub(), bearer);
    expect(authenticate(token)).toEqual({
      username: 'system:serviceaccount:sts:key-restarter',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:sts', 'system:authenticated'],
    });
    expect(authenticate(other)).toBeUndefined();
    expect(authenticate(`${token}x`)).toBeUndefined();
    expect(authenticate(token.slice(0, -2))).toBeUndefined();
    clock.advance(599_000);
    expect(authenticate(token)).toBeDefined();
    clock.advance(1000);
    expect(authenticate(token)).toBeUndefined();
  });

  it('ends with its ServiceAccount', () => {
    hub().kube.apply(serviceAccount('short', {}));
    const token = issueServiceAccountToken(world, 'ci', 'sts', 'short', apiServer, 600);
    expect(authenticateServiceAccount(world, hub(), token)).toBeDefined();
    hub().kube.remove('ServiceAccount', 'sts', 'short');
    expect(authenticateServiceAccount(world, hub(), token)).toBeUndefined();
  });
});

describe('the pod identity webhook', () => {
  it('injects by the generated annotation', () => {
    expect(webhookEnvironment(world, 'ci', 'sts', 'key-restarter', 'some/token')).toEqual({
      environment: {
        AWS_ROLE_ARN: hubRole,
        AWS_WEB_IDENTITY_TOKEN_FILE: 'some/token',
        AWS_REGION: 'eu-west-1',
        AWS_DEFAULT_REGION: 'eu-west-1',
      },
      token: { path: 'some/token', audience: 'sts.amazonaws.com', lifetimeSeconds: 86_400 },
    });
  });

  it.each([
    ['nothing', {}, undefined],
    ['another audience', { 'eks.amazonaws.com/audience': 'x' }, ['x', 86_400]],
    ['a short life', { 'eks.amazonaws.com/token-expiration': '60' }, ['sts.amazonaws.com', 600]],
    ['a life', { 'eks.amazonaws.com/token-expiration': '3600' }, ['sts.amazonaws.com', 3600]],
  ] as const)('annotated with %s', (_, annotations, expected) => {
    const role = expected && { 'eks.amazonaws.com/role-arn': hubRole };
    hub().kube.apply(serviceAccount('annotated', { ...role, ...annotations }));
    const injected = webhookEnvironment(world, 'ci', 'sts', 'annotated')?.token;
    expect(injected && [injected.audience, injected.lifetimeSeconds]).toEqual(expected);
  });
});
