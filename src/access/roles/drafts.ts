import type { FleetPath } from '../../fleet/diagnostic.ts';
import { parseRoleArn, type RoleArn } from '../../names/arn.ts';
import type { AccessProblem } from '../codes.ts';
import type { Permission, RoleNode, Trust } from '../graph.ts';

/** What a role is for. One role is for one thing: the rights of another would mix with its own. */
export type RolePurpose = 'service' | 'target' | 'agent' | 'people';

/** A role while its edges are still being collected. */
export interface RoleDraft extends Omit<RoleNode, 'trusts' | 'permissions' | 'maxSessionSeconds'> {
  readonly purpose: RolePurpose;
  readonly trusts: Map<string, Trust>;
  readonly permissions: Map<string, Permission>;
  maxSessionSeconds: number;
}

export interface WantedRole {
  readonly arn: RoleArn;
  readonly purpose: RolePurpose;
  readonly ownership: RoleNode['ownership'];
  readonly path: FleetPath;
}

/** IAM's default and least `MaxSessionDuration`. Seconds. */
const defaultSession = 3600;

/** The roles of a fleet by their ARNs, in the order in which they were first asked for. */
export class RoleDrafts {
  readonly #drafts = new Map<RoleArn, RoleDraft>();
  readonly #problems: AccessProblem[];

  constructor(problems: AccessProblem[]) {
    this.#problems = problems;
  }

  get all(): readonly RoleDraft[] {
    return [...this.#drafts.values()];
  }

  get(arn: RoleArn): RoleDraft | undefined {
    return this.#drafts.get(arn);
  }

  /** The role, made if it is new; `undefined` after a problem. */
  want(wanted: WantedRole): RoleDraft | undefined {
    const known = this.#drafts.get(wanted.arn);
    if (!known) {
      const draft = newDraft(wanted);
      this.#drafts.set(wanted.arn, draft);
      return draft;
    }
    const problem = conflictOf(known, wanted);
    if (problem) this.#problems.push(problem);
    return problem ? undefined : known;
  }

  addTrust(draft: RoleDraft, trust: Trust, path: FleetPath): void {
    const key = trusteeOf(trust);
    const known = draft.trusts.get(key);
    if (known && externalIdOf(known) !== externalIdOf(trust)) {
      this.#problems.push({
        code: 'access/external-id-conflict',
        path,
        found: `two external ids for role ${draft.arn} and one caller`,
        expected: 'one external id a caller and role',
        next: 'Use the same `externalId` in each reach of this role.',
      });
      return;
    }
    draft.trusts.set(key, trust);
  }
}

function conflictOf(known: RoleDraft, wanted: WantedRole): AccessProblem | undefined {
  const { path, arn } = wanted;
  if (known.purpose !== wanted.purpose) {
    return {
      code: 'access/role-collision',
      path,
      found: `role ${arn} as ${purposes[wanted.purpose]}, which is ${purposes[known.purpose]} already`,
      expected: 'one role for one thing: each would have the rights of the other',
      next: 'Set another `role`, for example the default name with `-target` after it.',
    };
  }
  if (known.purpose === 'service') {
    return {
      code: 'access/role-shared',
      path,
      found: `role ${arn}, which another service has already`,
      expected: 'one role a service, so that neither gets the rights of the other',
      next: 'Set `role` on one of the services, or make `naming.role` tell them apart.',
    };
  }
  if (known.ownership !== wanted.ownership) {
    return {
      code: 'access/role-ownership',
      path,
      found: `role ${arn}, said to be existing in one place and Rollcall's own in another`,
      expected: 'one owner: a document for a role that exists would erase what is there',
      next: 'Say that it is existing in both, or give one another `role`.',
    };
  }
  return undefined;
}

const purposes: Readonly<Record<RolePurpose, string>> = {
  service: "a service's own role",
  target: 'a target role',
  agent: "an agent's or a node's role",
  people: "people's role",
};

/** Who is trusted, and how it comes: one statement each. */
function trusteeOf(trust: Trust): string {
  switch (trust.kind) {
    case 'web-identity':
      return `${trust.providerArn} ${trust.audience} ${trust.subject}`;
    case 'role':
      // A session with a pod's tags is let in by them, one without them otherwise.
      return trust.podTags ? `${trust.roleArn} tagged` : trust.roleArn;
    case 'pod-identity': {
      const { clusterArn, namespace, serviceAccount } = trust.tags;
      return `${clusterArn} ${namespace} ${serviceAccount}`;
    }
    case 'people':
      return trust.principalArn;
  }
}

const externalIdOf = (trust: Trust): string | undefined =>
  trust.kind === 'role' ? trust.externalId : undefined;

function newDraft({ arn, purpose, ownership, path }: WantedRole): RoleDraft {
  const parsed = parseRoleArn(arn);
  if (!parsed) throw new Error(`the fleet's checks let the role ARN ${arn} pass`);
  return {
    arn,
    name: parsed.name,
    account: parsed.account,
    partition: parsed.partition,
    iamPath: parsed.path,
    purpose,
    ownership,
    path,
    trusts: new Map(),
    permissions: new Map(),
    maxSessionSeconds: defaultSession,
  };
}
