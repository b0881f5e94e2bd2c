import { describe, expect, it } from '@jest/globals';
import { defaultIrsa } from '../../../src/identities/defaults.ts';
import { irsa } from '../../../src/identities/irsa/mechanism.ts';
import type { HostCluster } from '../../../src/identities/mechanism.ts';
import type { Irsa } from '../../../src/identities/pod-identity.ts';
import type { AccountId } from '../../../src/names/arn.ts';
import { arnOf, hostCluster, otherTarget, requestBy, target } from '../support.ts';

const elsewhere = '000000000002' as AccountId;
const direct: Irsa = { ...defaultIrsa, hops: 1, sessionSeconds: 43_200 };
const trustIn = (account: string) => ({
  kind: 'web-identity',
  providerArn: `arn:aws:iam::${account}:oidc-provider/oidc.example.com/id/1`,
  issuer: 'https://oidc.example.com/id/1',
  audience: 'sts.amazonaws.com',
  subject: 'system:serviceaccount:tools:sa',
});

describe('two hops', () => {
  it('the pod becomes its own role, and from it each target’s', () => {
    const plan = irsa.plan(requestBy(defaultIrsa, { sourceIdentity: 'rollcall-a' }));
    expect(plan).toMatchObject({
      trusts: [trustIn('000000000001')],
      assumedBy: [],
      chained: true,
      targetSessionSeconds: 3600,
      job: { kind: 'irsa', roleArn: arnOf('restarter'), sourceIdentity: 'rollcall-a' },
    });
    expect(plan.association).toBeUndefined();
    expect(plan.targetTrust({ account: elsewhere, externalId: 'x' })).toEqual({
      kind: 'role',
      roleArn: arnOf('restarter'),
      externalId: 'x',
      sourceIdentity: 'rollcall-a',
    });
  });
});

describe('one hop', () => {
  it('each target’s role trusts the pod itself, by a provider in its own account, for as long as is asked', () => {
    const plan = irsa.plan(requestBy(direct));
    expect(plan).toMatchObject({
      trusts: [],
      chained: false,
      targetSessionSeconds: 43_200,
      job: { kind: 'irsa-direct', region: 'eu-west-1', sessionSeconds: 43_200 },
    });
    expect(plan.targetTrust({ account: elsewhere })).toEqual(trustIn('000000000002'));
  });

  it('has a role of its own where it has rights of its own', () => {
    expect(irsa.plan(requestBy(direct, { hasOwnPermissions: true })).trusts).toEqual([
      trustIn('000000000001'),
    ]);
  });

  it.each([
    ['the one target', { targets: [target] }, target],
    ['its own, before the target', { hasOwnPermissions: true }, arnOf('restarter')],
    [
      'its own, before several',
      { hasOwnPermissions: true, targets: [target, otherTarget] },
      arnOf('restarter'),
    ],
  ])('an annotation holds one role: %s', (_, more, role) => {
    const { wiring } = irsa.plan(requestBy(direct, more));
    expect(wiring.serviceAccountAnnotations['eks.amazonaws.com/role-arn']).toBe(role);
    expect(wiring.token).toBeUndefined();
  });

  it.each([
    ['several targets', [target, otherTarget]],
    ['none', []],
  ])('with %s no role is the pod’s: the token is mounted without one', (_, targets) => {
    const { wiring } = irsa.plan(requestBy(direct, { targets }));
    expect(wiring.serviceAccountAnnotations).toEqual({});
    expect(wiring.token).toMatchObject({ audience: 'sts.amazonaws.com' });
    expect(Object.keys(wiring.env)).toEqual([
      'AWS_REGION',
      'AWS_STS_REGIONAL_ENDPOINTS',
      'AWS_WEB_IDENTITY_TOKEN_FILE',
    ]);
  });
});

describe('annotations', () => {
  const annotations = (more: Partial<Irsa>) =>
    irsa.plan(requestBy({ ...defaultIrsa, ...more })).wiring.serviceAccountAnnotations;
  const prefix = 'eks.amazonaws.com/';
  const always = {
    [`${prefix}role-arn`]: arnOf('restarter'),
    [`${prefix}sts-regional-endpoints`]: 'true',
  };

  it.each<readonly [Partial<Irsa>, Readonly<Record<string, string>>]>([
    [{}, {}],
    [{ regionalEndpoints: false }, { [`${prefix}sts-regional-endpoints`]: 'false' }],
    [{ audience: 'own' }, { [`${prefix}audience`]: 'own' }],
    [{ tokenExpirationSeconds: 600 }, { [`${prefix}token-expiration`]: '600' }],
    // The webhook's defaults.
    [{ audience: 'sts.amazonaws.com', tokenExpirationSeconds: 86_400 }, {}],
  ])('%j', (more, expected) => {
    expect(annotations(more)).toEqual({ ...always, ...expected });
  });
});

it('a cluster without the webhook has all of it written out, by the same token and role', () => {
  const { wiring } = irsa.plan(
    requestBy({ ...defaultIrsa, webhook: false, audience: 'own', regionalEndpoints: false }),
  );
  expect(wiring).toEqual({
    serviceAccountAnnotations: {},
    podAnnotations: {},
    env: {
      AWS_REGION: 'eu-west-1',
      AWS_ROLE_ARN: arnOf('restarter'),
      AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/secrets/eks.amazonaws.com/serviceaccount/token',
    },
    token: {
      volume: 'aws-iam-token',
      mountPath: '/var/run/secrets/eks.amazonaws.com/serviceaccount',
      path: 'token',
      audience: 'own',
      expirationSeconds: 86_400,
    },
    egress: [],
  });
});

it('asks for an issuer, and for nothing of the namespace', () => {
  const without: HostCluster = { ...hostCluster };
  delete (without as { oidcIssuer?: string }).oidcIssuer;
  expect(irsa.hostFault(hostCluster)).toBeUndefined();
  expect(irsa.hostFault(without)?.found).toBe('no oidcIssuer');
  expect(irsa.namespaceAnnotations(hostCluster, [])).toEqual({});
});
