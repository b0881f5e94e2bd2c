import type { Caller } from '../../../../src/simulator/aws/policy.ts';

export type Json = Readonly<Record<string, unknown>>;

/** One request to AWS, and the policies that decide on it. */
export interface Scenario {
  readonly caller: Caller;
  /** `sts:AssumeRole` */
  readonly action: string;
  /** An ARN. */
  readonly resource: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  /** The policies of the calling user or role. Default: none. */
  readonly identity?: readonly Json[];
  /** The caller's permissions boundary. Default: none. */
  readonly boundary?: Json;
  /** The trust policy of the role that is the resource. Default: the resource has no policy. */
  readonly trust?: Json;
}

export type Answer = 'allowed' | 'denied';

export const document = (...statements: readonly Json[]): Json => ({
  Version: '2012-10-17',
  Statement: statements,
});

/** A session of a role, without a unique id that a policy could name. */
export function sessionOf(roleArn: string, name = 'job'): Caller & { kind: 'role-session' } {
  const [, partition = '', , , account = '', role = ''] = roleArn.split(':');
  const sessionArn = `arn:${partition}:sts::${account}:assumed-role/${role.slice(role.lastIndexOf('/') + 1)}/${name}`;
  return { kind: 'role-session', account, roleArn, roleId: 'AROAEXAMPLE', sessionArn };
}

export const userOf = (userArn: string): Caller & { kind: 'user' } => ({
  kind: 'user',
  account: userArn.split(':')[4] ?? '',
  userArn,
  userId: 'AIDAEXAMPLE',
});

/** What AWS says of a caller by itself: its ARN and account. */
export function ownContext(caller: Caller): Readonly<Record<string, string>> {
  switch (caller.kind) {
    case 'role-session':
      return { 'aws:PrincipalArn': caller.roleArn, 'aws:PrincipalAccount': caller.account };
    case 'user':
      return { 'aws:PrincipalArn': caller.userArn, 'aws:PrincipalAccount': caller.account };
    case 'federated':
    case 'service':
      return {};
  }
}
