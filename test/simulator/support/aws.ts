import { Iam } from '../../../src/simulator/aws/iam.ts';
import { Issuers } from '../../../src/simulator/aws/issuers.ts';
import { Seeded } from '../../../src/simulator/aws/seeded.ts';
import { Sessions } from '../../../src/simulator/aws/sessions.ts';
import type { Session } from '../../../src/simulator/aws/sessions.ts';
import { Sts } from '../../../src/simulator/aws/sts.ts';
import { VirtualClock } from '../../../src/simulator/virtual-clock.ts';

export const hubAccount = '903716715040';
export const targetAccount = '508208880112';
export const issuer =
  'https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B716D3041E';
export const otherIssuer = 'https://oidc.eks.eu-west-1.amazonaws.com/id/ANOTHER';
export const issuerHost = issuer.slice('https://'.length);
export const hubRole = `arn:aws:iam::${hubAccount}:role/eks-key-restarter-prd`;
export const targetRole = `arn:aws:iam::${targetAccount}:role/sts-prd-js-encryption-role`;
export const subject = 'system:serviceaccount:sts:key-restarter';

// RSA keys are slow to make, and every test may use the same.
const issuers = new Issuers();
issuers.add(issuer);
issuers.add(otherIssuer);

export type Json = Readonly<Record<string, unknown>>;

export const policy = (...statements: readonly Json[]): Json => ({
  Version: '2012-10-17',
  Statement: statements,
});

export const webIdentityTrust = (over: Json = {}): Json => ({
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::${hubAccount}:oidc-provider/${issuerHost}` },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: {
    StringEquals: { [`${issuerHost}:sub`]: subject, [`${issuerHost}:aud`]: 'sts.amazonaws.com' },
  },
  ...over,
});

export const roleTrust = (principal: string, over: Json = {}): Json => ({
  Effect: 'Allow',
  Principal: { AWS: principal },
  Action: 'sts:AssumeRole',
  ...over,
});

export const allow = (action: string, resource: string | readonly string[]): Json => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
});

export interface AwsParts {
  readonly clock: VirtualClock;
  readonly iam: Iam;
  readonly issuers: Issuers;
  readonly sessions: Sessions;
  readonly sts: Sts;
}

export interface AwsOptions {
  readonly organization?: boolean;
  readonly hubTrust?: Json;
  /** Statements of the hub role's policy. */
  readonly hubPolicy?: readonly Json[];
  /** `null`: the target role does not exist. */
  readonly targetTrust?: Json | null;
  readonly target?: string;
  readonly clientIds?: readonly string[];
  readonly providerIn?: string;
}

/** Two accounts, a hub role by web identity, and a target role that trusts it. */
export function makeAws(options: AwsOptions = {}): AwsParts {
  const clock = new VirtualClock();
  const seeded = new Seeded('test');
  const iam = new Iam([hubAccount, targetAccount], seeded);
  const sessions = new Sessions(clock, seeded);
  const { organization = true, providerIn = hubAccount, target = targetRole } = options;
  const sts = new Sts({ iam, issuers, sessions, clock, organization });
  iam.addProvider(providerIn, {
    arn: `arn:aws:iam::${providerIn}:oidc-provider/${issuerHost}`,
    issuer,
    clientIds: options.clientIds ?? ['sts.amazonaws.com'],
  });
  iam.createRole({ arn: hubRole, trust: policy(options.hubTrust ?? webIdentityTrust()) });
  const statements = options.hubPolicy ?? [allow('sts:AssumeRole', target)];
  if (statements.length > 0) iam.putPolicy(hubRole, 'own', policy(...statements));
  if (options.targetTrust !== null) {
    iam.createRole({ arn: target, trust: policy(options.targetTrust ?? roleTrust(hubRole)) });
  }
  return { clock, iam, issuers, sessions, sts };
}

/** A token of the hub's issuer for the ServiceAccount, with claims replaced. */
export function makeToken({ issuers, clock }: AwsParts, over: Json = {}): string {
  const now = clock.now() / 1000;
  const claims = { iss: issuer, sub: subject, aud: ['sts.amazonaws.com'], iat: now, nbf: now };
  return issuers.sign({ ...claims, exp: now + 3600, ...over });
}

export function hubSession(aws: AwsParts): Session {
  const role = aws.iam.role(hubRole);
  if (!role) throw new Error('no hub role');
  return aws.sessions.issue(role, 'job', 3600);
}
