import type { Partition } from '../../names/arn.ts';
import type { SimClock } from '../clock.ts';
import type { KubeUser } from '../kube/api-server.ts';
import { AccessEntries, groupsOf } from './access-entries.ts';
import { readMapAccounts, readMapRoles, readMapUsers } from './aws-auth.ts';
import type { UserMapping } from './aws-auth.ts';
import { AwsError } from './aws-error.ts';
import { identityOf } from './sessions.ts';
import type { Sessions } from './sessions.ts';
import { verifySignature } from './sigv4.ts';
import type { CallerIdentity, Sts } from './sts.ts';
import { readToken } from './token-rules.ts';

export interface AuthenticatorOptions {
  /** The name that EKS knows the cluster by. */
  readonly clusterId: string;
  readonly partition: Partition;
  readonly sts: Sts;
  readonly sessions: Sessions;
  readonly clock: SimClock;
  /** The texts of aws-auth's sections, read anew for every token. */
  readonly mapRoles: () => string | undefined;
  readonly mapUsers?: () => string | undefined;
  readonly mapAccounts?: () => string | undefined;
  /** Default: none, in the mode CONFIG_MAP. */
  readonly accessEntries?: AccessEntries;
}

/** The reason is for the cluster's own log: a client sees nothing but 401. */
export type Authentication =
  | { readonly kind: 'user'; readonly user: KubeUser }
  | { readonly kind: 'refused'; readonly reason: string };

/** aws-iam-authenticator: a token becomes a Kubernetes user, or is refused. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
  }

  async authenticate(token: string): Promise<Authentication> {
    const { clusterId, partition, clock } = this.#options;
    const form = readToken(token, { clusterId, partition, now: clock.now() });
    if (form.kind === 'refused') return form;
    try {
      const { session } = await verifySignature(form.request, { service: 'sts', ...this.#options });
      const identity = this.#options.sts.getCallerIdentity(session);
      const mapping = this.#mappingOf(identityOf(session).arn, identity);
      if (!mapping) return refused(`ARN is not mapped: ${canonicalArn(identity.Arn)}`);
      return userOf(mapping, identity, form.accessKeyId);
    } catch (error) {
      if (error instanceof AwsError) return refused(`sts getCallerIdentity failed: ${error.code}`);
      throw error;
    }
  }

  /**
   * Access entries first, and then aws-auth, each where the cluster's mode has it looked at (EKS user
   * guide, "Cluster authentication modes"). Entries are of principals as they are, paths included.
   */
  #mappingOf(principalArn: string, { Arn, Account }: CallerIdentity): UserMapping | undefined {
    const { accessEntries = new AccessEntries('CONFIG_MAP') } = this.#options;
    const { mode } = accessEntries;
    const entry = mode === 'CONFIG_MAP' ? undefined : accessEntries.find(principalArn);
    if (entry) return { username: entry.username, groups: groupsOf(entry) };
    if (mode === 'API') return undefined;
    const { mapRoles, mapUsers, mapAccounts } = this.#options;
    const arn = canonicalArn(Arn);
    return (
      readMapRoles(mapRoles()).get(arn.toLowerCase()) ??
      readMapUsers(mapUsers?.()).get(arn.toLowerCase()) ??
      (readMapAccounts(mapAccounts?.()).has(Account) ? { username: arn, groups: [] } : undefined)
    );
  }
}

function userOf(
  mapping: UserMapping,
  identity: CallerIdentity,
  accessKeyId: string,
): Authentication {
  const sessionName = identity.UserId.split(':')[1] ?? '';
  const templates: Readonly<Record<string, string>> = {
    '{{AccountID}}': identity.Account,
    '{{SessionName}}': sessionName.replaceAll('@', '-'),
    '{{SessionNameRaw}}': sessionName,
    '{{AccessKeyID}}': accessKeyId,
  };
  const render = (template: string): string =>
    Object.entries(templates).reduce(
      (text, [name, value]) => text.replaceAll(name, value),
      template,
    );
  const username = render(mapping.username);
  const groups = mapping.groups.map(render);
  // The one template left asks EC2 about an instance, and no session here is an instance's.
  if ([username, ...groups].some((text) => text.includes('{{EC2PrivateDNSName}}'))) {
    return refused('the session is not that of an EC2 instance');
  }
  return { kind: 'user', user: { username, groups: [...groups, 'system:authenticated'] } };
}

/** `assumed-role/NAME/SESSION` → `role/NAME`: a role's path is lost (pkg/arn/arn.go, issue 268). */
export const canonicalArn = (arn: string): string =>
  arn.replace(/^(arn:[^:]+):sts::(\d{12}):assumed-role\/(.+)\/[^/]+$/, '$1:iam::$2:role/$3');

const refused = (reason: string): Authentication => ({ kind: 'refused', reason });
