import { issuerHostPath, parseRoleArn } from '../../names/arn.ts';
import { AwsError } from './aws-error.ts';
import { malformed, parsePolicy, requireUniqueSids } from './policy-document.ts';
import type { Statement } from './policy-document.ts';
import { Quotas, requireSize } from './quotas.ts';
import type { Seeded } from './seeded.ts';

export interface OidcProvider {
  readonly arn: string;
  /** `https://…` */
  readonly issuer: string;
  readonly clientIds: readonly string[];
}

/** What a user and a role have alike. */
interface Identity {
  readonly account: string;
  readonly name: string;
  readonly arn: string;
  /** `AROA…` of a role, `AIDA…` of a user. */
  readonly id: string;
  readonly tags: ReadonlyMap<string, string>;
  /** Identity policies: inline ones by name, managed ones by ARN. */
  readonly policies: Map<string, readonly Statement[]>;
  /** The permissions boundary. Default: none. */
  boundary?: readonly Statement[];
}

/** `arn:…:iam::ACCOUNT:role/[PATH/]NAME`. */
export interface Role extends Identity {
  /** Seconds. IAM's default: 3600. */
  readonly maxSessionDuration: number;
  trust: readonly Statement[];
}

/** `arn:…:iam::ACCOUNT:user/[PATH/]NAME`. */
export interface User extends Identity {
  readonly mfaDevice?: MfaDevice;
}

export interface MfaDevice {
  /** Its ARN, or a serial number. */
  readonly serialNumber: string;
  /** What it shows; this one never changes. */
  readonly code: string;
}

export interface NewRole {
  readonly arn: string;
  readonly trust: unknown;
  /** Seconds. Default: 3600. */
  readonly maxSessionDuration?: number;
  /** Default: none. */
  readonly tags?: Readonly<Record<string, string>>;
  /** The prior state may name principals that it does not declare. Default: false. */
  readonly trustUnknownPrincipals?: boolean;
}

export interface NewUser {
  readonly arn: string;
  readonly mfaDevice?: MfaDevice;
  /** Default: none. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The accounts of the world, their OIDC providers, users and roles, with IAM's own checks. */
export class Iam {
  readonly #roles = new Map<string, Role>();
  readonly #users = new Map<string, User>();
  readonly #managed = new Map<string, readonly Statement[]>();
  readonly #quotas = new Quotas();
  readonly #providers = new Map<string, OidcProvider>();
  readonly #seeded: Seeded;
  readonly #accounts: ReadonlySet<string>;

  constructor(accounts: Iterable<string>, seeded: Seeded) {
    this.#accounts = new Set(accounts);
    this.#seeded = seeded;
  }

  hasAccount(account: string): boolean {
    return this.#accounts.has(account);
  }

  roles(): readonly Role[] {
    return [...this.#roles.values()];
  }

  /** The role, names and paths compared as they are. */
  role(arn: string): Role | undefined {
    return this.#roles.get(arn);
  }

  /** The account's provider for an issuer. */
  provider(account: string, issuer: string): OidcProvider | undefined {
    return this.#providers.get(`${account}/${issuerHostPath(issuer)}`);
  }

  addProvider(account: string, provider: OidcProvider): void {
    this.#providers.set(`${account}/${issuerHostPath(provider.issuer)}`, provider);
  }

  removeProvider(account: string, issuer: string): void {
    this.#providers.delete(`${account}/${issuerHostPath(issuer)}`);
  }

  createRole(created: NewRole): Role {
    const { arn, trust, maxSessionDuration, trustUnknownPrincipals, tags } = created;
    const parsed = parseRoleArn(arn);
    if (!parsed) throw new AwsError('ValidationError', `Not the ARN of a role: ${arn}`);
    // Role names are unique in an account, whatever their path.
    const { account, name } = parsed;
    if (this.roles().some((role) => role.account === account && role.name === name)) {
      throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
    }
    const statements = parsePolicy('trust', trust);
    if (trustUnknownPrincipals !== true) this.#requirePrincipals(statements);
    requireSize('ACLSizePerRole', trust);
    const role: Role = {
      account,
      name,
      arn,
      id: `AROA${this.#seeded.base32(17)}`,
      maxSessionDuration: maxSessionDuration ?? 3600,
      trust: statements,
      tags: new Map(Object.entries(tags ?? {})),
      policies: new Map(),
    };
    this.#roles.set(arn, role);
    return role;
  }

  createUser({ arn, mfaDevice, tags }: NewUser): User {
    const [, account = '', name = ''] =
      /^arn:[\w-]+:iam::(\d{12}):user\/(?:[!-~]+\/)?([\w+=,.@-]{1,64})$/.exec(arn) ?? [];
    if (name === '') throw new AwsError('ValidationError', `Not the ARN of a user: ${arn}`);
    const user: User = {
      account,
      name,
      arn,
      id: `AIDA${this.#seeded.base32(17)}`,
      tags: new Map(Object.entries(tags ?? {})),
      policies: new Map(),
      ...(mfaDevice ? { mfaDevice } : {}),
    };
    this.#users.set(arn, user);
    return user;
  }

  /** A managed policy, which does nothing until it is attached or made a boundary. */
  createPolicy(arn: string, document: unknown): void {
    requireSize('PolicySize', document);
    this.#managed.set(arn, parsePolicy('identity', document));
  }

  attachPolicy(identityArn: string, policyArn: string): void {
    const { policies } = this.#identity(identityArn);
    const statements = this.#managedPolicy(policyArn);
    this.#quotas.requireAttachable(policies, policyArn);
    policies.set(policyArn, statements);
  }

  putBoundary(identityArn: string, policyArn: string): void {
    this.#identity(identityArn).boundary = this.#managedPolicy(policyArn);
  }

  /** Appends to the trust of a role that is there. */
  addTrust(arn: string, document: unknown): void {
    const role = this.#existing(arn);
    const added = parsePolicy('trust', document);
    this.#requirePrincipals(added);
    const trust = [...role.trust, ...added];
    requireUniqueSids(trust);
    role.trust = trust;
  }

  /** An inline policy of a role or a user. */
  putPolicy(arn: string, name: string, document: unknown): void {
    const { policies } = this.#identity(arn);
    const statements = parsePolicy('identity', document);
    this.#quotas.putInline(arn, name, document);
    policies.set(name, statements);
  }

  /** Appends to the inline policy of that name, or makes it. */
  addPermissions(arn: string, name: string, document: unknown): void {
    const { policies } = this.#existing(arn);
    const statements = [...(policies.get(name) ?? []), ...parsePolicy('identity', document)];
    requireUniqueSids(statements);
    policies.set(name, statements);
  }

  #identity(arn: string): Role | User {
    return this.#users.get(arn) ?? this.#existing(arn);
  }

  #managedPolicy(arn: string): readonly Statement[] {
    const policy = this.#managed.get(arn);
    if (policy) return policy;
    throw new AwsError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`, 404);
  }

  #existing(arn: string): Role {
    const role = this.#roles.get(arn);
    if (role) return role;
    const name = arn.slice(arn.lastIndexOf('/') + 1);
    throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
  }

  /** IAM stores a principal by its unique id, so one that does not exist is refused. */
  #requirePrincipals(statements: readonly Statement[]): void {
    for (const { principals } of statements) {
      if (principals === undefined || principals === 'not') continue;
      const unknown = principals.aws.find((principal) => !this.#principalExists(principal));
      if (unknown !== undefined) throw malformed(`Invalid principal in policy: "AWS":"${unknown}"`);
    }
  }

  #principalExists(principal: string): boolean {
    if (principal === '*') return true;
    const account = /^(?:arn:aws(?:-cn|-us-gov)?:iam::(\d{12}):root|(\d{12}))$/.exec(principal);
    if (account) return this.hasAccount(account[1] ?? account[2] ?? '');
    const session = /^(arn:[^:]+):sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(principal);
    if (session) {
      const [, , id, name] = session;
      return this.roles().some((role) => role.account === id && role.name === name);
    }
    const all = [...this.#roles.values(), ...this.#users.values()];
    return all.some(({ arn, id }) => arn === principal || id === principal);
  }
}
