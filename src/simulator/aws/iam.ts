import { issuerHostPath, parseRoleArn } from '../../names/arn.ts';
import { AwsError } from './aws-error.ts';
import { malformed, parsePolicy, requireUniqueSids } from './policy-document.ts';
import type { Statement } from './policy-document.ts';
import type { Seeded } from './seeded.ts';

export interface OidcProvider {
  readonly arn: string;
  /** `https://…` */
  readonly issuer: string;
  readonly clientIds: readonly string[];
}

export interface Role {
  readonly account: string;
  readonly name: string;
  /** `arn:…:iam::ACCOUNT:role/[PATH/]NAME`. */
  readonly arn: string;
  /** `AROA…` */
  readonly id: string;
  /** Seconds. IAM's default: 3600. */
  readonly maxSessionDuration: number;
  trust: readonly Statement[];
  /** Identity policies by name. */
  readonly policies: Map<string, readonly Statement[]>;
}

export interface NewRole {
  readonly arn: string;
  readonly trust: unknown;
  readonly maxSessionDuration?: number;
  /** The prior state may name principals that it does not declare. Default: false. */
  readonly trustUnknownPrincipals?: boolean;
}

/** IAM quotas, white space not counted (IAM user guide, "IAM and AWS STS quotas"). */
const quotas = { ACLSizePerRole: 2048, PolicySize: 6144 } as const;

/** The accounts of the world, their OIDC providers and their roles, with IAM's own checks. */
export class Iam {
  readonly #roles = new Map<string, Role>();
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

  createRole({ arn, trust, maxSessionDuration, trustUnknownPrincipals }: NewRole): Role {
    const parsed = parseRoleArn(arn);
    if (!parsed) throw new AwsError('ValidationError', `Not the ARN of a role: ${arn}`);
    // Role names are unique in an account, whatever their path.
    const { account, name } = parsed;
    if (this.roles().some((role) => role.account === account && role.name === name)) {
      throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409);
    }
    const statements = parsePolicy('trust', trust);
    if (trustUnknownPrincipals !== true) this.#requirePrincipals(statements);
    requireQuota('ACLSizePerRole', trust);
    const role: Role = {
      account,
      name,
      arn,
      id: `AROA${this.#seeded.base32(17)}`,
      maxSessionDuration: maxSessionDuration ?? 3600,
      trust: statements,
      policies: new Map(),
    };
    this.#roles.set(arn, role);
    return role;
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

  putPolicy(arn: string, name: string, document: unknown): void {
    requireQuota('PolicySize', document);
    this.#existing(arn).policies.set(name, parsePolicy('identity', document));
  }

  /** Appends to the policy of that name, or makes it. */
  addPermissions(arn: string, name: string, document: unknown): void {
    const { policies } = this.#existing(arn);
    const statements = [...(policies.get(name) ?? []), ...parsePolicy('identity', document)];
    requireUniqueSids(statements);
    policies.set(name, statements);
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
    return this.#roles.has(principal) || this.roles().some(({ id }) => id === principal);
  }
}

function requireQuota(quota: keyof typeof quotas, document: unknown): void {
  const size = JSON.stringify(document).replace(/\s/g, '').length;
  if (size > quotas[quota]) {
    throw new AwsError('LimitExceeded', `Cannot exceed quota for ${quota}: ${quotas[quota]}`, 409);
  }
}
