import type { SimClock } from '../clock.ts';
import type { Permissions } from './decide.ts';
import type { Role, User } from './iam.ts';
import type { Caller } from './policy.ts';
import type { Seeded } from './seeded.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Opaque. Empty for a user's own access key, which has none. */
  readonly sessionToken: string;
}

/** What a role session carries besides its role's permissions. */
export interface SessionDetails {
  /** Session tags, inherited ones among them, by key as first written. Default: none. */
  readonly tags?: ReadonlyMap<string, string>;
  /** Keys of the tags that go on to sessions chained to this one. Default: none. */
  readonly transitiveTagKeys?: readonly string[];
  /** Goes on to chained sessions, and never changes. Default: none. */
  readonly sourceIdentity?: string;
}

/** A role session that STS has issued. */
export interface Session extends SessionDetails {
  readonly role: Role;
  readonly name: string;
  readonly credentials: Credentials;
  /** Milliseconds since the epoch. */
  readonly expiration: number;
}

/** A person or program with an IAM user's access key, or with a session of GetSessionToken. */
export interface UserSession {
  readonly user: User;
  readonly credentials: Credentials;
  /** Milliseconds since the epoch. An access key has no end: Infinity. */
  readonly expiration: number;
  /** When the user proved an MFA device. Default: never. */
  readonly mfaAt?: number;
}

/** Whoever can sign a request. */
export type Actor = Session | UserSession;

export const isRoleSession = (actor: Actor): actor is Session => 'role' in actor;

/** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`; a role's path is not in it. */
export function sessionArn({ role, name }: Pick<Session, 'role' | 'name'>): string {
  const partition = role.arn.split(':')[1] ?? 'aws';
  return `arn:${partition}:sts::${role.account}:assumed-role/${role.name}/${name}`;
}

/** The ARN that GetCallerIdentity and denials name. */
export const actorArn = (actor: Actor): string =>
  isRoleSession(actor) ? sessionArn(actor) : actor.user.arn;

export const identityOf = (actor: Actor): Role | User =>
  isRoleSession(actor) ? actor.role : actor.user;

export function callerOf(actor: Actor): Caller {
  if (!isRoleSession(actor)) {
    const { account, arn, id } = actor.user;
    return { kind: 'user', account, userArn: arn, userId: id };
  }
  const { account, arn, id } = actor.role;
  return {
    kind: 'role-session',
    account,
    roleArn: arn,
    roleId: id,
    sessionArn: sessionArn(actor),
  };
}

/** All statements of the identity's policies, and its boundary. */
export function permissionsOf(actor: Actor): Permissions {
  const { policies, boundary } = identityOf(actor);
  return { statements: [...policies.values()].flat(), ...(boundary ? { boundary } : {}) };
}

/** The sessions issued and access keys made so far, by access key. */
export class Sessions {
  readonly #byKey = new Map<string, Actor>();
  readonly #clock: SimClock;
  readonly #seeded: Seeded;

  constructor(clock: SimClock, seeded: Seeded) {
    this.#clock = clock;
    this.#seeded = seeded;
  }

  issue(role: Role, name: string, durationSeconds: number, details: SessionDetails = {}): Session {
    const expiration = this.#clock.now() + durationSeconds * 1000;
    return this.#keep({ role, name, credentials: this.#temporary(), expiration, ...details });
  }

  /** An IAM user's own access key. */
  createAccessKey(user: User): UserSession {
    const credentials = { ...this.#temporary(), sessionToken: '' };
    const accessKeyId = credentials.accessKeyId.replace(/^ASIA/, 'AKIA');
    return this.#keep({
      user,
      credentials: { ...credentials, accessKeyId },
      expiration: Number.POSITIVE_INFINITY,
    });
  }

  /** What GetSessionToken gives; `mfa`: the user has proved a device just now. */
  issueToUser(
    user: User,
    durationSeconds: number,
    { mfa }: { readonly mfa: boolean },
  ): UserSession {
    const now = this.#clock.now();
    return this.#keep({
      user,
      credentials: this.#temporary(),
      expiration: now + durationSeconds * 1000,
      ...(mfa ? { mfaAt: now } : {}),
    });
  }

  find(accessKeyId: string): Actor | undefined {
    return this.#byKey.get(accessKeyId);
  }

  #temporary(): Credentials {
    return {
      accessKeyId: `ASIA${this.#seeded.base32(16)}`,
      secretAccessKey: this.#seeded.base64(30),
      // As long as those that the regional STS gives out, `+` and `/` among its characters.
      sessionToken: `IQoJb3JpZ2luX2Vj${this.#seeded.base64(480)}`,
    };
  }

  #keep<A extends Actor>(actor: A): A {
    this.#byKey.set(actor.credentials.accessKeyId, actor);
    return actor;
  }
}
