import type { SimClock } from '../clock.ts';
import type { Caller } from './policy.ts';
import type { Role } from './iam.ts';
import type { Seeded } from './seeded.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Opaque. */
  readonly sessionToken: string;
}

/** A role session that STS has issued. */
export interface Session {
  readonly role: Role;
  readonly name: string;
  readonly credentials: Credentials;
  /** Milliseconds since the epoch. */
  readonly expiration: number;
}

/** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`; a role's path is not in it. */
export function sessionArn({ role, name }: Pick<Session, 'role' | 'name'>): string {
  const partition = role.arn.split(':')[1] ?? 'aws';
  return `arn:${partition}:sts::${role.account}:assumed-role/${role.name}/${name}`;
}

export const callerOf = (session: Session): Caller => ({
  kind: 'role-session',
  account: session.role.account,
  roleArn: session.role.arn,
  roleId: session.role.id,
  sessionArn: sessionArn(session),
});

/** All statements of the session's role's identity policies. */
export const permissionsOf = (session: Session) => [...session.role.policies.values()].flat();

/** The sessions issued so far, by access key. */
export class Sessions {
  readonly #byKey = new Map<string, Session>();
  readonly #clock: SimClock;
  readonly #seeded: Seeded;

  constructor(clock: SimClock, seeded: Seeded) {
    this.#clock = clock;
    this.#seeded = seeded;
  }

  issue(role: Role, name: string, durationSeconds: number): Session {
    const session: Session = {
      role,
      name,
      credentials: {
        accessKeyId: `ASIA${this.#seeded.base32(16)}`,
        secretAccessKey: this.#seeded.base64(30),
        // As long as those that the regional STS gives out, `+` and `/` among its characters.
        sessionToken: `IQoJb3JpZ2luX2Vj${this.#seeded.base64(480)}`,
      },
      expiration: this.#clock.now() + durationSeconds * 1000,
    };
    this.#byKey.set(session.credentials.accessKeyId, session);
    return session;
  }

  find(accessKeyId: string): Session | undefined {
    return this.#byKey.get(accessKeyId);
  }
}
